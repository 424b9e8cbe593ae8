import { TailraceError } from '../../records/errors.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { durationOption } from '../load-options.ts';
import {
  entryOf,
  logbookOptions,
  needed,
  personOf,
  serviceOf,
  withLogbook,
} from '../logbook-access.ts';

const KINDS = ['engine-failure', 'slowdown', 'on-call'];

const TODO: Readonly<Record<string, string>> = {
  'engine-failure': 'stop it now, keep traffic on the service, and start it again at the end',
  slowdown: 'slow it now (a lower clock or power limit), keep traffic on, and undo it at the end',
};

/** `tailrace drill`: declares that something goes wrong on purpose; the ledger says what came of it. */
export const drill: Command = {
  name: 'drill',
  summary: 'declare a drill, so that the ledger can show what came of it',
  usage: 'tailrace drill KIND [options]',
  description: [
    'KIND is engine-failure (an engine is stopped: was the service served by others?), slowdown (an engine is slowed: was',
    'an alert raised?) or on-call (a test message is sent to whoever is on call). A drill is declared when it begins.',
    'Tailrace stops nothing: you do. Whether the engine fell out, and what that did, is read from the ledger afterwards;',
    '`tailrace score --explain reliability` shows it.',
    '',
    'Exit code: 0 declared or delivered, 1 the message was not taken.',
  ].join('\n'),
  examples: [
    'tailrace drill engine-failure --engine gpu-a --for 10m',
    'tailrace drill slowdown --service chat --engine gpu-a --for 10m --by ada',
    'tailrace drill on-call --service chat',
  ],
  options: {
    service: {
      type: 'string',
      value: 'NAME',
      description: 'of which service (default: the only one)',
    },
    engine: { type: 'string', value: 'NAME', description: 'engine that is stopped or slowed' },
    for: { type: 'string', value: '10m', description: 'how long (default 10m, at most 24h)' },
    by: { type: 'string', value: 'NAME', description: 'who does it (default: this user)' },
    ...logbookOptions,
  },
  positionalsMax: 1,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, stdout, clock, positionals } = context;
  const kind = positionals[0] ?? '';
  if (!KINDS.includes(kind)) {
    const message = `drill takes one of ${KINDS.join(', ')}, not "${kind}"; see tailrace help drill`;
    throw new TailraceError('TR_USAGE', message, { field: 'KIND' });
  }
  return withLogbook(context, async (instance) => {
    const service = await serviceOf(context, instance);
    if (kind === 'on-call') {
      const entry = entryOf(await instance.postJson('/api/v1/alerts/test', { service }));
      const taken = entry.kind === 'alert' && entry.delivered === true;
      const text = `the test message of ${service} was ${taken ? '' : 'not '}taken`;
      stdout.write(`${values['json'] === true ? JSON.stringify(entry, null, 2) : text}\n`);
      return taken ? EXIT.ok : EXIT.failed;
    }
    const engine = needed(context, 'engine', 'the engine that is stopped or slowed');
    const fromMs = clock.wallMs();
    const toMs = fromMs + durationOption(values, 'for', '10m');
    const body = {
      kind: 'drill',
      drill: kind,
      service,
      engine,
      fromMs,
      toMs,
      by: personOf(context),
    };
    const entry = entryOf(await instance.postJson('/api/v1/logbook', body));
    const until = new Date(toMs).toISOString();
    const text = `${kind} of ${engine} declared until ${until}: ${TODO[kind] ?? ''}`;
    stdout.write(`${values['json'] === true ? JSON.stringify(entry, null, 2) : text}\n`);
    return EXIT.ok;
  });
}
