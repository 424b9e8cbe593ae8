import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { openLogbook } from '../../govern/logbook/logbook.ts';
import { restoreExport, type Restored } from '../../measure/ledger/restore-export.ts';
import { TailraceError } from '../../records/errors.ts';
import type { EntryOf } from '../../records/logbook-entry.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { openInstance, type Instance } from '../instance.ts';
import { textValue } from '../option-values.ts';
import { stateDirOf } from '../state-dir.ts';
import { parseWindow } from '../time-window.ts';
import { windowOptions } from '../window-options.ts';

/** `tailrace restore`: an export becomes a state folder again; `--test` tries it and keeps the result. */
export const restore: Command = {
  name: 'restore',
  summary: 'make a state folder from an export, or test that it can be done',
  usage: 'tailrace restore FILE --to DIR | tailrace restore --test [options]',
  description: [
    'FILE is a Parquet file of tailrace export; DIR must be empty or missing, and can be started with TAILRACE_DATA=DIR.',
    'With --test the records of a window are exported, restored into an empty folder, compared by requests',
    '(with the ledger) and cost (with what was exported) of each service, and removed; the result is kept, and is the restore test of the scorecard.',
    '',
    'Exit code: 0 restored and the same, 1 it differs.',
  ].join('\n'),
  examples: [
    'tailrace restore --test --since 24h',
    'tailrace restore january.parquet --to restored',
  ],
  options: {
    to: { type: 'string', value: 'DIR', description: 'empty folder to restore into' },
    test: { type: 'boolean', description: 'export, restore, compare, and keep the result' },
    ...windowOptions('24h'),
    config: {
      type: 'string',
      short: 'c',
      value: 'FILE',
      description: 'configuration to read with when no instance runs',
    },
    json: { type: 'boolean', description: 'print the result as JSON' },
  },
  positionalsMax: 1,
  run: async (context) => (context.values['test'] === true ? test(context) : into(context)),
};

async function into(context: CommandContext): Promise<number> {
  const { values, positionals, cwd, stdout, clock } = context;
  const [file] = positionals;
  const to = textValue(values, 'to');
  if (file === undefined || to === undefined) {
    const message = 'restore needs FILE and --to DIR, or --test; see tailrace help restore';
    throw new TailraceError('TR_USAGE', message, { field: file === undefined ? 'FILE' : 'to' });
  }
  const dir = resolve(cwd, to);
  if (existsSync(dir) && readdirSync(dir).length > 0) {
    throw new TailraceError('TR_USAGE', `--to ${to} is not empty`, { field: 'to' });
  }
  const { records } = await restoreExport({ file: resolve(cwd, file), dir, clock });
  const text = `${records} records restored; start with TAILRACE_DATA=${dir} tailrace up`;
  stdout.write(`${values['json'] === true ? JSON.stringify({ dir, records }, null, 2) : text}\n`);
  return EXIT.ok;
}

async function test(context: CommandContext): Promise<number> {
  const { values, stdout, stderr, clock } = context;
  const since = textValue(values, 'since') ?? '24h';
  const asked = parseWindow({ since, until: textValue(values, 'until') }, clock.wallMs());
  if (!asked.ok) throw asked.error;
  // Whole minutes that are over: what still comes in would differ between two looks.
  const toMs = Math.floor((asked.value.toMs - SETTLED_MS) / MINUTE_MS) * MINUTE_MS;
  const window = { fromMs: Math.floor(asked.value.fromMs / MINUTE_MS) * MINUTE_MS, toMs };
  if (window.toMs <= window.fromMs) throw nothingTested(since);
  const dir = mkdtempSync(join(tmpdir(), 'tailrace-restore-'));
  const startMs = clock.monoMs();
  const instance = await openInstance(context);
  try {
    if (stderr.isTTY) stderr.write('exporting, restoring, comparing ...\n');
    const query = `fromMs=${window.fromMs}&toMs=${window.toMs}`;
    const file = join(dir, 'records.parquet');
    await instance.download(`/api/v1/export?${query}`, file);
    const copy = await restoreExport({ file, dir: join(dir, 'state'), clock, window });
    if (copy.records === 0) throw nothingTested(since);
    const differences = compare(copy, await requestsBy(instance, query));
    const entry: EntryOf<'restore'> = {
      v: 1,
      kind: 'restore',
      atMs: clock.wallMs(),
      ...window,
      records: copy.records,
      agrees: differences.length === 0,
      seconds: (clock.monoMs() - startMs) / 1000,
      simulated: copy.simulated,
    };
    await openLogbook(stateDirOf(context)).add(entry);
    const text = [
      `${entry.records} records restored in ${entry.seconds.toFixed(1)} s: ${entry.agrees ? 'the same as the ledger' : 'it differs'}`,
      ...differences,
    ].join('\n  ');
    stdout.write(
      `${values['json'] === true ? JSON.stringify({ ...entry, differences }, null, 2) : text}\n`,
    );
    return entry.agrees ? EXIT.ok : EXIT.failed;
  } finally {
    await instance.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

function nothingTested(since: string): TailraceError {
  const message = `--since ${since}: no record is that old and settled, so nothing was tested`;
  return new TailraceError('TR_WINDOW_INVALID', message, { field: 'since' });
}

const MINUTE_MS = 60_000;
/** Records arrive in the ledger within this. */
const SETTLED_MS = 30_000;
/** Sums of doubles in another order. */
const ROUNDING = 1e-9;

const answers = z.looseObject({
  services: z.array(
    z.looseObject({ service: z.string(), requests: z.looseObject({ total: z.number() }) }),
  ),
});

async function requestsBy(instance: Instance, query: string): Promise<Map<string, number>> {
  const { services } = answers.parse(await instance.getJson(`/api/v1/answers?${query}`));
  return new Map(services.map(({ service, requests }) => [service, requests.total]));
}

/** The copy against the ledger by requests, and against what was saved by requests and money. */
function compare({ saved, services }: Restored, ledger: ReadonlyMap<string, number>): string[] {
  const copy = (service: string) => services.get(service) ?? { requests: 0, usageUsd: null };
  const lost = [...ledger].flatMap(([service, requests]) =>
    copy(service).requests === requests
      ? []
      : [`${service}: ${copy(service).requests} requests of ${requests}`],
  );
  const changed = [...saved].flatMap(([service, { requests, usageUsd }]) => {
    const now = copy(service);
    const [a, b] = [usageUsd ?? 0, now.usageUsd ?? 0];
    const isSame = now.requests === requests && Math.abs(a - b) <= ROUNDING * Math.max(1, a);
    return isSame ? [] : [`${service}: ${now.requests} of ${requests} saved, $${b} of $${a}`];
  });
  return [...lost, ...changed];
}
