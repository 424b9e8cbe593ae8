import { health, type Health } from '../../api/views.ts';
import { TailraceError } from '../../records/errors.ts';
import { type Command, EXIT } from '../command.ts';
import { type Instance, openInstance } from '../instance.ts';
import { twoColumns } from '../help.ts';
import { textTable } from '../text-table.ts';

/** `tailrace status`: does it run, and is anything lost or late? */
export const status: Command = {
  name: 'status',
  summary: 'show the instance, its workers and how the ledger keeps up',
  usage: 'tailrace status [options]',
  description: [
    'Asks the running instance; when none runs, shows the ledger of the state folder.',
    '',
    'Exit code: 0 running and well, 1 not running or something needs a person.',
  ].join('\n'),
  examples: ['tailrace status', 'tailrace status --json'],
  options: {
    config: {
      type: 'string',
      short: 'c',
      value: 'FILE',
      description: 'configuration to read with when no instance runs',
    },
    json: { type: 'boolean', description: 'print JSON' },
  },
  positionalsMax: 0,
  async run(context) {
    const instance = await openInstance(context);
    try {
      const parsed = health.safeParse(await instance.getJson('/api/v1/health'));
      if (!parsed.success) {
        const message = 'the instance answered in a form that this version does not know';
        throw new TailraceError('TR_UPSTREAM_INVALID', message, { cause: parsed.error });
      }
      const text =
        context.values['json'] === true
          ? JSON.stringify(jsonView(instance, parsed.data), null, 2)
          : textView(instance, parsed.data);
      context.stdout.write(`${text}\n`);
      const isWell = instance.mode === 'running' && parsed.data.status === 'ok';
      return isWell ? EXIT.ok : EXIT.failed;
    } finally {
      await instance.close();
    }
  },
};

/** Never the admin key, which the record holds. */
function jsonView({ mode, stateDir, record }: Instance, view: Health): unknown {
  const { url = null, pid = null, startedAtMs = null } = record ?? {};
  return { mode, stateDir, url, pid, startedAtMs, health: view };
}

function textView({ mode, stateDir, record }: Instance, view: Health): string {
  const head: Array<[string, string]> =
    record === null
      ? [['instance', 'not running']]
      : [
          ['instance', `running at ${record.url} (process ${record.pid})`],
          ['version', view.version],
          ['up for', formatAge(view.nowMs - record.startedAtMs)],
        ];
  head.push(['state', stateDir]);
  const parts = [twoColumns(head), ledgerView(view)];
  if (mode === 'running') parts.push(workersView(view));
  if (view.problems.length > 0) {
    parts.push(['needs a person:', ...view.problems.map((one) => `  ! ${one}`)].join('\n'));
  }
  return parts.join('\n\n');
}

function ledgerView({ ledger, nowMs }: Health): string {
  if (ledger === null) return 'ledger: does not answer';
  const newest = ledger.newestRecordMs;
  const rows: Array<[string, string]> = [
    ['records', String(ledger.recordsTotal)],
    ['newest', newest === null ? 'none yet' : `${formatAge(nowMs - newest)} ago`],
    ['on disk', `${formatBytes(ledger.segmentBytes)} in ${ledger.segments} segments`],
    ['in memory', `${ledger.bufferRows} records`],
    ['journal behind', formatBytes(ledger.journalLagBytes)],
    ['lost', String(ledger.lostRecords)],
    ['corrupt frames', String(ledger.corruptFrames)],
    ['duplicates dropped', String(ledger.duplicateRecords)],
  ];
  return `ledger:\n${twoColumns(rows)}`;
}

const HEADER = [
  'worker',
  'process',
  'state',
  'up for',
  'restarts',
  'in flight',
  'queued',
  'memory',
];

function workersView({ workers, nowMs }: Health): string {
  const shown = (value: number | null): string => (value === null ? 'unknown' : String(value));
  const rows = workers.map((one) => [
    one.worker,
    one.pid === null ? '-' : String(one.pid),
    one.up ? 'up' : 'DOWN',
    one.startedAtMs === null ? '-' : formatAge(nowMs - one.startedAtMs),
    String(one.restarts),
    shown(one.inFlight),
    shown(one.queueDepth),
    one.rssBytes === null ? 'unknown' : formatBytes(one.rssBytes),
  ]);
  return textTable(HEADER, rows).trimEnd();
}

/** `42s`, `3m 5s`, `2h 7m`, `4d 1h`. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const units: ReadonlyArray<readonly [string, number]> = [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
    ['s', 1],
  ];
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first === -1) return '0s';
  let rest = seconds;
  const parts = units.slice(first, first + 2).map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest %= size;
    return count === 0 ? '' : `${count}${unit}`;
  });
  return parts.filter((part) => part !== '').join(' ');
}

/** Binary units, two or three digits. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`;
}
