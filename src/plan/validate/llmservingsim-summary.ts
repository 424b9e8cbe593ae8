/** Statistics of the three latencies, in the order of the published summary. */
export const BENCH_STATS = ['mean', 'p50', 'p90', 'p95', 'p99'] as const;
export type BenchStat = (typeof BENCH_STATS)[number];

export const BENCH_METRICS = ['ttftMs', 'tpotMs', 'e2eMs'] as const;
export type BenchMetric = (typeof BENCH_METRICS)[number];

const METRIC_NAMES: Readonly<Record<string, BenchMetric>> = {
  TTFT: 'ttftMs',
  TPOT: 'tpotMs',
  Latency: 'e2eMs',
};
const STAT_NAMES: Readonly<Record<string, BenchStat>> = {
  Mean: 'mean',
  Median: 'p50',
  P90: 'p90',
  P95: 'p95',
  P99: 'p99',
};

const LINE = /^(TTFT|TPOT|Latency) (Mean|Median|P90|P95|P99)\s+\S+\s+\S+\s+([+-]?\d+(?:\.\d+)?)%/;

/**
 * Absolute errors in percent that LLMServingSim states for a run (lines such as `TTFT P90  121121.7  121881.8  +0.6%`),
 * by `<metric> <stat>`. Other lines are not read.
 */
export function statedErrors(summary: string): Map<string, number> {
  const errors = new Map<string, number>();
  for (const line of summary.split('\n')) {
    const [, metric, stat, percent] = LINE.exec(line.trim()) ?? [];
    const name = METRIC_NAMES[metric ?? ''];
    const statName = STAT_NAMES[stat ?? ''];
    if (name === undefined || statName === undefined) continue;
    errors.set(`${name} ${statName}`, Math.abs(Number(percent)));
  }
  return errors;
}
