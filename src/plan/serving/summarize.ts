import type { TimeProvenance } from '../time/step-time.ts';
import { latencyStats } from './latency-stats.ts';
import { noTotals, type ReplicaTotals } from './replica.ts';
import { REQUEST, type RequestLog } from './request-log.ts';
import type { FleetRun } from './run-fleet.ts';
import type { ServingResult, TimeShares } from './serving-result.ts';
import type { ServingOptions, ServingSlo } from './simulate-serving.ts';
import { timeSeries } from './time-series.ts';
import { tailCauses } from './tail-causes.ts';

/** The figures of a run. Latency counts from the arrival. */
export function summarize(options: ServingOptions, run: FleetRun): ServingResult {
  const { log, replicas } = run;
  const { requests } = options;
  const finished = countState(log, REQUEST.finished);
  const refused = countState(log, REQUEST.refused);
  const spanS = spanOf(log);
  const latency = latencies(log);
  const tokens = tokensOf(options, log);
  const totals = sumTotals(replicas.map((one) => one.totals));
  const perS = (count: number): number => (spanS > 0 ? count / spanS : 0);
  const kvTokens = options.replicas.reduce(
    (sum, { engine }) => sum + engine.kvBlocks * (engine.policy?.blockTokens ?? 16),
    0,
  );
  const good = options.slo == null ? null : countGood(latency, options.slo);
  return {
    complete: run.complete,
    requests: {
      offered: requests.length,
      finished,
      refused,
      unfinished: requests.length - finished - refused,
    },
    spanS,
    ttftMs: latencyStats(latency.ttftMs),
    tpotMs: latencyStats(latency.tpotMs),
    e2eMs: latencyStats(latency.e2eMs),
    queueMs: latencyStats(latency.queueMs),
    throughput: {
      requestsPerS: perS(finished),
      inputTokensPerS: perS(tokens.input),
      outputTokensPerS: perS(tokens.output),
    },
    goodput:
      good === null
        ? null
        : { share: good / Math.max(1, requests.length), requestsPerS: perS(good) },
    utilization: shares(totals, sumOf(run.paidS), sumOf(run.blockedS)),
    series: timeSeries(log, latency.ttftMs),
    causes: tailCauses(log, latency.e2eMs),
    batch: {
      // Little's law: mean number = sum of the times / span.
      meanRunning: perS(sum(latency.e2eMs) / 1000 - sum(latency.queueMs) / 1000),
      meanWaiting: perS(sum(latency.queueMs) / 1000),
      kvShareMean: spanS > 0 ? totals.kvTokenSeconds / (kvTokens * spanS) : 0,
      kvShareMax: Math.max(
        ...replicas.map(({ totals: one }, i) => {
          const engine = options.replicas[i]?.engine;
          return one.kvTokensMax / ((engine?.kvBlocks ?? 1) * (engine?.policy?.blockTokens ?? 16));
        }),
      ),
      kvFullShare: spanS > 0 ? totals.kvFullS / (spanS * replicas.length) : 0,
    },
    steps: totals.steps,
    preemptions: totals.preemptions,
    prefixHitShare: tokens.input > 0 ? tokens.cached / tokens.input : 0,
    failures: run.failures,
    energy: energyOf(options, run, tokens.output),
    provenance: [...new Set<TimeProvenance>(options.replicas.map((one) => one.time.provenance))],
  };
}

/** Columns of one value per request, NaN where the request has none. Milliseconds. */
export interface Latencies {
  ttftMs: Float64Array;
  tpotMs: Float64Array;
  e2eMs: Float64Array;
  queueMs: Float64Array;
}

function latencies(log: RequestLog): Latencies {
  const { size, arrivedS, startedS, firstTokenS, lastTokenS, outputTokens } = log;
  const column = (): Float64Array => new Float64Array(size).fill(Number.NaN);
  const all = { ttftMs: column(), tpotMs: column(), e2eMs: column(), queueMs: column() };
  for (let i = 0; i < size; i += 1) {
    if (log.state[i] !== REQUEST.finished) continue;
    const arrived = arrivedS[i] ?? Number.NaN;
    const first = firstTokenS[i] ?? Number.NaN;
    const last = lastTokenS[i] ?? Number.NaN;
    const out = outputTokens[i] ?? 0;
    all.ttftMs[i] = (first - arrived) * 1000;
    all.e2eMs[i] = (last - arrived) * 1000;
    all.queueMs[i] = ((startedS[i] ?? Number.NaN) - arrived) * 1000;
    if (out > 1) all.tpotMs[i] = ((last - first) * 1000) / (out - 1);
  }
  return all;
}

function countGood(latency: Latencies, slo: ServingSlo): number {
  let good = 0;
  const within = (value: number | undefined, bound: number | null): boolean =>
    bound === null || value === undefined || Number.isNaN(value) || value <= bound;
  for (let i = 0; i < latency.e2eMs.length; i += 1) {
    if (Number.isNaN(latency.e2eMs[i])) continue;
    if (!within(latency.ttftMs[i], slo.ttftMs)) continue;
    if (!within(latency.tpotMs[i], slo.tpotMs)) continue;
    if (within(latency.e2eMs[i], slo.e2eMs)) good += 1;
  }
  return good;
}

function countState(log: RequestLog, state: number): number {
  let count = 0;
  for (const one of log.state) if (one === state) count += 1;
  return count;
}

function spanOf({ arrivedS, lastTokenS }: RequestLog): number {
  const first = arrivedS[0];
  if (first === undefined) return 0;
  let last = first;
  for (const one of lastTokenS) if (one > last) last = one;
  return last - first;
}

function tokensOf(options: ServingOptions, log: RequestLog) {
  const tokens = { input: 0, output: 0, cached: 0 };
  for (const [i, { promptTokens, outputTokens }] of options.requests.entries()) {
    if (log.state[i] !== REQUEST.finished) continue;
    tokens.input += promptTokens;
    tokens.output += outputTokens;
    tokens.cached += log.cachedTokens[i] ?? 0;
  }
  return tokens;
}

function sumTotals(all: readonly ReplicaTotals[]): ReplicaTotals {
  const total = noTotals();
  for (const one of all) {
    total.busyS += one.busyS;
    total.computeS += one.computeS;
    total.memoryS += one.memoryS;
    total.networkS += one.networkS;
    total.hostS += one.hostS;
    total.kvTokenSeconds += one.kvTokenSeconds;
    total.kvTokensMax = Math.max(total.kvTokensMax, one.kvTokensMax);
    total.kvFullS += one.kvFullS;
    total.steps += one.steps;
    total.preemptions += one.preemptions;
    total.busyEnergyJ += one.busyEnergyJ;
  }
  return total;
}

/** A replica that is drained or fails ends its step first, so busy time never exceeds what is paid. */
function shares(totals: ReplicaTotals, paidS: number, blockedS: number): TimeShares {
  if (!(paidS > 0)) return { compute: 0, memory: 0, network: 0, host: 0, blocked: 0, idle: 1 };
  const of = (seconds: number): number => seconds / paidS;
  return {
    compute: of(totals.computeS),
    memory: of(totals.memoryS),
    network: of(totals.networkS),
    host: of(totals.hostS),
    blocked: of(blockedS),
    idle: Math.max(0, 1 - of(totals.busyS + blockedS)),
  };
}

function energyOf(
  options: ServingOptions,
  run: FleetRun,
  outputTokens: number,
): ServingResult['energy'] {
  let totalJ = 0;
  let idleJ = 0;
  for (const [i, { totals }] of run.replicas.entries()) {
    const spec = options.replicas[i];
    if (spec === undefined || spec.power === null) return null;
    const restS = Math.max(0, (run.paidS[i] ?? 0) - totals.busyS);
    const idle = restS * spec.power.idleW * spec.accelerators;
    idleJ += idle;
    totalJ += totals.busyEnergyJ + idle;
  }
  const totalWh = totalJ / 3600;
  return {
    totalWh,
    idleWh: idleJ / 3600,
    whPerMillionOutputTokens: outputTokens > 0 ? (totalWh / outputTokens) * 1e6 : null,
  };
}

const sumOf = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) if (!Number.isNaN(value)) total += value;
  return total;
}
