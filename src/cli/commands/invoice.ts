import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TailraceError } from '../../records/errors.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { positiveOption } from '../load-options.ts';
import {
  entryOf,
  logbookOptions,
  needed,
  personOf,
  serviceOf,
  withLogbook,
} from '../logbook-access.ts';
import { parseIsoTime } from '../time-window.ts';

const MAX_USD = 1e12;
const DAY_MS = 86_400_000;

/** `tailrace invoice`: what was billed for a service, to be held against the ledger. */
export const invoice: Command = {
  name: 'invoice',
  summary: 'keep an invoice, so that the ledger is held against it',
  usage: 'tailrace invoice FILE --from DATE --to DATE --usd N [options]',
  description: [
    'FILE is the invoice as it came; it is kept with its digest. The days are whole UTC days, --to the day after the last.',
    'The scorecard compares the sum with what the ledger says of the same days.',
  ].join('\n'),
  examples: ['tailrace invoice january.pdf --from 2027-01-01 --to 2027-02-01 --usd 1234.50'],
  options: {
    from: { type: 'string', value: 'DATE', description: 'first day' },
    to: { type: 'string', value: 'DATE', description: 'day after the last' },
    usd: { type: 'string', value: 'N', description: 'sum of the service, US dollars' },
    service: {
      type: 'string',
      value: 'NAME',
      description: 'of which service (default: the only one)',
    },
    by: { type: 'string', value: 'NAME', description: 'who says so (default: this user)' },
    ...logbookOptions,
  },
  positionalsMax: 1,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, stdout, cwd, positionals } = context;
  const usd = positiveOption(values, 'usd', MAX_USD);
  if (usd === null) throw usage('usd', 'is needed: the sum in US dollars');
  const [fromMs, toMs] = [dayOf(context, 'from'), dayOf(context, 'to')];
  if (toMs <= fromMs) throw usage('to', 'must be after --from');
  const content = contentOf(resolve(cwd, positionals[0] ?? ''), positionals[0] ?? '');
  const sha256 = createHash('sha256').update(content).digest('hex');
  const entry = await withLogbook(context, async (instance) => {
    const service = await serviceOf(context, instance);
    const name = encodeURIComponent((positionals[0] ?? '').split(/[/\\]/).at(-1) ?? 'invoice');
    await instance.putBytes(`/api/v1/evidence/documents?name=${name}`, content);
    const body = { kind: 'invoice', service, fromMs, toMs, usd, sha256, by: personOf(context) };
    return entryOf(await instance.postJson('/api/v1/logbook', body));
  });
  const text = `invoice of $${usd} kept; \`tailrace score --explain finops\` holds it against the ledger`;
  stdout.write(`${values['json'] === true ? JSON.stringify(entry, null, 2) : text}\n`);
  return EXIT.ok;
}

function dayOf(context: CommandContext, name: string): number {
  const text = needed(context, name, 'a day such as 2027-01-01');
  const ms = parseIsoTime(text);
  if (ms === null || ms % DAY_MS !== 0)
    throw usage(name, `is "${text}": give a day such as 2027-01-01`);
  return ms;
}

function contentOf(path: string, file: string): Uint8Array {
  if (file === '') throw usage('FILE', 'is needed: the invoice as it came');
  try {
    return readFileSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TailraceError('TR_FILE_UNREADABLE', `${file}: ${reason}`, { field: 'FILE', cause });
  }
}

const usage = (name: string, problem: string): TailraceError =>
  new TailraceError('TR_USAGE', `${name === 'FILE' ? '' : '--'}${name} ${problem}`, {
    field: name,
  });
