import { z } from 'zod';
import { incident, type Incident } from '../../govern/incidents/list-incidents.ts';
import { TailraceError } from '../../records/errors.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import {
  entryOf,
  logbookOptions,
  needed,
  personOf,
  serviceOf,
  withLogbook,
} from '../logbook-access.ts';
import { textValue } from '../option-values.ts';
import { parseIsoTime } from '../time-window.ts';

/** `tailrace incidents`: outages that the ledger shows, and what was learnt of them. */
export const incidents: Command = {
  name: 'incidents',
  summary: 'outages of the last 30 days, and their reviews',
  usage: 'tailrace incidents [options]',
  description: [
    'A quarter of an hour in which at least half of five or more requests failed is an outage. With --review, what was',
    'learnt of the outage that begins then is kept: its cause, and what was changed.',
  ].join('\n'),
  examples: [
    'tailrace incidents',
    'tailrace incidents --review 2027-01-14T08:15:00Z --service chat --cause "full disk" --changed "alert at 80 %"',
  ],
  options: {
    review: { type: 'string', value: 'TIME', description: 'begin of the outage, as shown' },
    service: {
      type: 'string',
      value: 'NAME',
      description: 'of which service (default: the only one)',
    },
    cause: { type: 'string', value: 'TEXT', description: 'why it happened' },
    changed: {
      type: 'string',
      value: 'TEXT',
      description: 'what was changed, so that it does not again',
    },
    by: { type: 'string', value: 'NAME', description: 'who says so (default: this user)' },
    ...logbookOptions,
  },
  positionalsMax: 0,
  run: async (context) =>
    context.values['review'] === undefined ? list(context) : review(context),
};

const listed = z.looseObject({ incidents: z.array(incident) });

async function list(context: CommandContext): Promise<number> {
  const { values, stdout } = context;
  const named = textValue(values, 'service');
  const all = await withLogbook(context, async (instance) =>
    listed.parse(await instance.getJson('/api/v1/incidents')),
  );
  const found = all.incidents.filter((one) => named === undefined || one.service === named);
  if (values['json'] === true) stdout.write(`${JSON.stringify({ incidents: found }, null, 2)}\n`);
  else
    stdout.write(
      found.length === 0 ? 'no outage in the last 30 days\n' : found.map(lineOf).join(''),
    );
  return EXIT.ok;
}

function lineOf({ service, fromMs, toMs, review: known, simulated }: Incident): string {
  const minutes = Math.round((toMs - fromMs) / 60_000);
  const words =
    known === null ? 'not reviewed' : `${known.cause}; changed: ${known.changed} (${known.by})`;
  const from = new Date(fromMs).toISOString();
  return `${from}  ${service}  ${minutes} min${simulated ? ' (simulated)' : ''}  ${words}\n`;
}

async function review(context: CommandContext): Promise<number> {
  const { values, stdout } = context;
  const text = needed(context, 'review', 'begin of the outage');
  const outageFromMs = parseIsoTime(text);
  if (outageFromMs === null) {
    const message = `--review takes a time as tailrace incidents shows it, not "${text}"`;
    throw new TailraceError('TR_USAGE', message, { field: 'review' });
  }
  const cause = needed(context, 'cause', 'why it happened');
  const changed = needed(context, 'changed', 'what was changed');
  const entry = await withLogbook(context, async (instance) => {
    const service = await serviceOf(context, instance);
    const { incidents: all } = listed.parse(await instance.getJson('/api/v1/incidents'));
    const isThere = all.some(
      (one) => one.service === service && outageFromMs >= one.fromMs && outageFromMs < one.toMs,
    );
    if (!isThere) {
      const message = `--review ${text}: ${service} has no outage then; see tailrace incidents`;
      throw new TailraceError('TR_USAGE', message, { field: 'review' });
    }
    const body = { kind: 'review', service, outageFromMs, cause, changed, by: personOf(context) };
    return entryOf(await instance.postJson('/api/v1/logbook', body));
  });
  stdout.write(values['json'] === true ? `${JSON.stringify(entry, null, 2)}\n` : 'kept\n');
  return EXIT.ok;
}
