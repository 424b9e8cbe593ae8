import { answers as answersSchema, type Answers } from '../../measure/answers/answers.ts';
import type { Clock } from '../../records/clock.ts';
import { TailraceError } from '../../records/errors.ts';
import type { DriveResult } from './drive.ts';
import type { EngineCounters } from './engine-counters.ts';
import {
  readRecords,
  waitForRecords,
  type ControlApi,
  type LedgerLine,
  type LedgerWindow,
} from './ledger-records.ts';
import { quantile } from './quantiles.ts';
import type { Remembered, Tally } from './tally.ts';

/** One figure as two sides have it. Null: that side does not know. */
export interface Check {
  what: string;
  ours: number | null;
  theirs: number | null;
  /** Whose figures these are, e.g. `replies` against `ledger`. */
  between: readonly [string, string];
  agree: boolean;
}

/** `checks` is empty when nothing could be compared, and `reason` says why. */
export interface Reconciliation {
  checks: Check[];
  reason: string | null;
}

export interface ReconcileOptions {
  tally: Tally;
  run: DriveResult;
  /** Null: no instance to ask. */
  api: ControlApi | null;
  /** Work of the engines during the run by their own metrics; null when not read. */
  engineWork: EngineCounters | null;
  clock: Clock;
}

/** How long the ledger may take to hold the last record. */
const LEDGER_WAIT_MS = 20_000;
const MINUTE_MS = 60_000;

/** Percentiles of the ledger come from sketches: within 1 % of exact (their bound is 0.54 %). */
const PERCENTILE_TOLERANCE = 0.01;

/**
 * Compares what a load run saw with what others say of it: the ledger's records one by one (by
 * request id), the ledger's percentiles against exact ones from the same records, and the
 * engines' own metrics. Requests that got no request id cannot be found in the ledger and are left out.
 */
export async function reconcile(options: ReconcileOptions): Promise<Reconciliation> {
  const checks = [...askedChecks(options.tally), ...engineChecks(options)];
  if (options.api === null) return { checks, reason: 'no instance of this machine was the target' };
  const { identified, remembered } = options.tally;
  if (identified === 0) return { checks, reason: 'no reply carried a request id of Tailrace' };
  if (identified > remembered.size) {
    return { checks, reason: `more than ${remembered.size} requests to compare` };
  }
  try {
    return await withLedger(options, options.api, checks);
  } catch (error) {
    const reason = error instanceof TailraceError ? error.message : String(error);
    const missing = check('ledger can be read', ['replies', 'ledger'], identified, null);
    return { checks: [...checks, missing], reason };
  }
}

async function withLedger(
  options: ReconcileOptions,
  api: ControlApi,
  checks: Check[],
): Promise<Reconciliation> {
  const { run, tally, clock } = options;
  // Whole minutes, in which the ledger's rollups are cut.
  const window = {
    fromMs: Math.floor(run.startedAtMs / MINUTE_MS) * MINUTE_MS,
    toMs: (Math.floor(run.endedAtMs / MINUTE_MS) + 1) * MINUTE_MS,
  };
  await waitForRecords(api, window, tally.identified, { waitMs: LEDGER_WAIT_MS, clock });
  const read = await readRecords(api, window);
  if (!read.ok) throw read.error;
  const mine = read.value.filter((line) => tally.remembered.has(line.id));
  checks.push(...recordChecks(tally, mine));
  for (const service of new Set(mine.map((line) => line.service))) {
    if (service === null) continue;
    const lines = read.value.filter((line) => line.service === service);
    checks.push(...(await answerChecks(api, window, service, lines)));
  }
  return { checks, reason: null };
}

function check(
  what: string,
  between: readonly [string, string],
  ours: number | null,
  theirs: number | null,
  tolerance = 0,
): Check {
  const agree =
    ours === theirs ||
    (ours !== null && theirs !== null && Math.abs(theirs - ours) <= tolerance * Math.abs(ours));
  return { what, between, ours, theirs, agree };
}

/** The engine must have counted the tokens that were asked for. */
function askedChecks({ tokens, succeeded }: Tally): Check[] {
  if (succeeded === 0 || tokens.withoutUsage > 0) return [];
  const between = ['trace', 'replies'] as const;
  return [
    check('prompt tokens', between, tokens.askedIn, tokens.in),
    check('output tokens', between, tokens.askedOut, tokens.out),
  ];
}

function engineChecks({ engineWork, tally }: ReconcileOptions): Check[] {
  if (engineWork === null) return [];
  const between = ['replies', 'engine metrics'] as const;
  return [
    check('requests succeeded', between, tally.succeeded, engineWork.succeeded),
    check('prompt tokens', between, tally.tokens.in, engineWork.promptTokens),
    check('output tokens', between, tally.tokens.out, engineWork.outputTokens),
  ];
}

function recordChecks(tally: Tally, lines: readonly LedgerLine[]): Check[] {
  const between = ['replies', 'ledger'] as const;
  const distinct = new Map(lines.map((line) => [line.id, line]));
  const seen: Remembered[] = [...tally.remembered.values()].filter((one) => one.ok);
  const recorded = [...distinct.values()].filter((line) => tally.remembered.get(line.id)?.ok);
  return [
    check('requests', between, tally.identified, distinct.size),
    check('records per request', between, 1, lines.length / Math.max(1, distinct.size)),
    check(
      'requests succeeded',
      between,
      seen.length,
      recorded.filter((line) => line.outcome === 'success').length,
    ),
    check(
      'prompt tokens',
      between,
      sumOrNull(seen.map((one) => one.inputTokens)),
      sumOrNull(recorded.map((line) => line.tokens.in)),
    ),
    check(
      'output tokens',
      between,
      sumOrNull(seen.map((one) => one.outputTokens)),
      sumOrNull(recorded.map((line) => line.tokens.out)),
    ),
  ];
}

function sumOrNull(values: ReadonlyArray<number | null>): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return sum;
}

/** The answers against exact figures from the records of the same service and window. */
async function answerChecks(
  api: ControlApi,
  window: LedgerWindow,
  service: string,
  lines: readonly LedgerLine[],
): Promise<Check[]> {
  const query = new URLSearchParams({
    fromMs: String(window.fromMs),
    toMs: String(window.toMs),
    service,
  });
  const given = answersSchema.parse(await api.getJson(`/api/v1/answers?${query.toString()}`));
  const answer = given.services.find((one) => one.service === service);
  if (answer === undefined) return [];
  const between = ['records', 'answers'] as const;
  return [
    check(`${service}: requests`, between, lines.length, answer.requests.total),
    ...answer.latency.flatMap((latency) => percentileChecks(service, latency, lines)),
  ];
}

type LatencyAnswer = Answers['services'][number]['latency'][number];

const metrics = { ttft: 'ttftMs', tpot: 'tpotMeanMs', e2e: 'e2eMs' } as const;

function percentileChecks(
  service: string,
  answer: LatencyAnswer,
  lines: readonly LedgerLine[],
): Check[] {
  // Answers speak of the requests that an engine answered.
  const exact = lines
    .filter((line) => line.engine !== null && line.status < 400)
    .map((line) => line.latency[metrics[answer.metric]])
    .filter((value) => value !== null)
    .sort((a, b) => a - b);
  const pairs = [
    ['p50', 0.5, answer.p50Ms],
    ['p95', 0.95, answer.p95Ms],
    ['p99', 0.99, answer.p99Ms],
  ] as const;
  return pairs
    .filter(([, , given]) => given !== null)
    .map(([name, q, given]) =>
      check(
        `${service}: ${answer.metric} ${name} ms`,
        ['records', 'answers'],
        quantile(exact, q),
        given,
        PERCENTILE_TOLERANCE,
      ),
    );
}
