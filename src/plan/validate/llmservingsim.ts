import { TailraceError } from '../../records/errors.ts';
import type { RequestLog } from '../serving/request-log.ts';
import { runFleet } from '../serving/run-fleet.ts';
import { benchFleet, type BenchFleet } from './llmservingsim-fleet.ts';
import { benchFolders, benchName, readBenchRun, type BenchRun } from './llmservingsim-run.ts';
import {
  BENCH_METRICS,
  BENCH_STATS,
  statedErrors,
  type BenchMetric,
  type BenchStat,
} from './llmservingsim-summary.ts';
import type { SetValidation, ValidationRow } from './validation-row.ts';

/** Folder of the set under the data root. */
export const LLMSERVINGSIM_SET = 'llmservingsim';

/** Every figure of every run within this, or within what LLMServingSim itself states where that is more. */
const LIMIT_PCT = 2;

/** The tighter bound of the run that the planner is accepted on. */
const ACCEPTANCE = { run: 'RTX4090/Llama-3.1-8B', limitPct: 1.5 };

/**
 * Simulates every real vLLM run under `<dir>/bench` from the operator tables under `<dir>/profiler`, and compares
 * the distributions. Nothing is fitted on any run: the inputs are the requests' lengths, block ids and
 * the times at which the engine queued them. Latencies are on the engine's own clock: TTFT = first - queued, E2E = last - queued,
 * TPOT = (last - first) / (out - 1). Runs named in `seen` are left out and counted. A run that cannot be read or
 * is not modelled fails by name, and what it lacks is noted; where that is all there is, it is thrown.
 */
export async function validateLlmServingSim(
  dir: string,
  seen: ReadonlySet<string>,
): Promise<SetValidation> {
  const result: SetValidation = { rows: [], notes: [] };
  const unanswered: TailraceError[] = [];
  for (const folder of benchFolders(dir)) {
    const name = benchName(dir, folder);
    if (seen.has(name)) {
      result.notes.push(`${name}: seen by calibration, left out`);
      continue;
    }
    try {
      const run = readBenchRun(dir, folder);
      const { rows, tables } = await scoreRun(dir, run);
      result.rows.push(...rows);
      result.notes.push(noteOf(run, tables));
    } catch (error) {
      if (!(error instanceof TailraceError)) throw error;
      unanswered.push(error);
      result.rows.push(unansweredRow(name));
      result.notes.push(`${name}: not answered: ${error.message}`);
    }
  }
  const [first] = unanswered;
  if (first !== undefined && unanswered.length === result.rows.length) throw first;
  return result;
}

function noteOf(run: BenchRun, tables: string): string {
  const left = run.leftOut === 0 ? '' : `, ${run.leftOut} without times or reply left out`;
  return `${run.name}: ${run.requests.length} requests${left}, ${tables}`;
}

/** A run that cannot be simulated fails by name; the others are scored all the same. */
const unansweredRow = (run: string): ValidationRow => ({
  set: LLMSERVINGSIM_SET,
  run,
  metric: 'answered',
  stat: 'count',
  measured: 1,
  predicted: 0,
  errorPct: 100,
  limitPct: 0,
  pass: false,
});

type Columns = Record<BenchMetric, number[]>;

async function scoreRun(
  dir: string,
  run: BenchRun,
): Promise<{ rows: ValidationRow[]; tables: string }> {
  const measured = measuredLatencies(run);
  const fleet = await benchFleet(dir, run);
  const predicted = predictedLatencies(run, fleet);
  const stated = run.summary === null ? new Map<string, number>() : statedErrors(run.summary);
  const floor = run.name === ACCEPTANCE.run ? ACCEPTANCE.limitPct : LIMIT_PCT;
  const rows = BENCH_METRICS.flatMap((metric) =>
    BENCH_STATS.map((stat) => {
      const real = statOf(measured[metric], stat);
      const ours = statOf(predicted[metric], stat);
      const errorPct = (100 * Math.abs(ours - real)) / real;
      const limitPct = Math.max(floor, stated.get(`${metric} ${stat}`) ?? 0);
      return {
        set: LLMSERVINGSIM_SET,
        run: run.name,
        metric,
        stat,
        measured: real,
        predicted: ours,
        errorPct,
        limitPct,
        pass: errorPct <= limitPct,
      };
    }),
  );
  return { rows, tables: fleet.tables };
}

function measuredLatencies({ requests }: BenchRun): Columns {
  const columns: Columns = { ttftMs: [], tpotMs: [], e2eMs: [] };
  for (const one of requests) {
    const { queued_ts: queued, first_token_ts: first, last_token_ts: last } = one;
    add(columns, queued, first, last, one.output_toks);
  }
  return columns;
}

function predictedLatencies(run: BenchRun, { replicas, disaggregation }: BenchFleet): Columns {
  const startS = run.requests[0]?.queued_ts ?? 0;
  const { log, complete } = runFleet({
    replicas,
    disaggregation,
    requests: run.requests.map((one) => ({
      arrivalS: one.queued_ts - startS,
      promptTokens: one.input_toks,
      outputTokens: one.output_toks,
      blockIds: one.blockIds,
      tokensPerBlockId: 16,
    })),
  });
  const columns = latenciesOf(log);
  if (complete && columns.e2eMs.length === run.requests.length) return columns;
  throw new TailraceError(
    'TR_TRACE_INVALID',
    `bench/${run.name}: ${run.requests.length - columns.e2eMs.length} requests can never run with these ` +
      'engine settings; check max_model_len and the KV blocks',
    { field: 'engine_kwargs' },
  );
}

function latenciesOf(log: RequestLog): Columns {
  const columns: Columns = { ttftMs: [], tpotMs: [], e2eMs: [] };
  for (let i = 0; i < log.size; i += 1) {
    const last = log.lastTokenS[i] ?? Number.NaN;
    if (Number.isNaN(last)) continue;
    add(columns, log.queuedS[i] ?? 0, log.firstTokenS[i] ?? 0, last, log.outputTokens[i] ?? 0);
  }
  return columns;
}

function add(columns: Columns, queuedS: number, firstS: number, lastS: number, outputs: number) {
  columns.ttftMs.push((firstS - queuedS) * 1000);
  columns.e2eMs.push((lastS - queuedS) * 1000);
  if (outputs > 1) columns.tpotMs.push(((lastS - firstS) * 1000) / (outputs - 1));
}

/** Percentiles are interpolated between ranks, as in the published summaries (numpy's default). */
function statOf(values: readonly number[], stat: BenchStat): number {
  if (stat === 'mean') return values.reduce((sum, one) => sum + one, 0) / values.length;
  const sorted = [...values].sort((a, b) => a - b);
  const position = (Number(stat.slice(1)) / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(position)] ?? Number.NaN;
  const high = sorted[Math.ceil(position)] ?? Number.NaN;
  return low + (high - low) * (position - Math.floor(position));
}
