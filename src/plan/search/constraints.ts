import type { Plan } from '../plan-file/plan-schema.ts';
import type { LatencyStats } from '../serving/serving-result.ts';
import type { Evaluation, Violation } from './evaluation.ts';

export const latencyMetrics = ['ttftMs', 'tpotMs', 'e2eMs'] as const;
export type LatencyMetric = (typeof latencyMetrics)[number];

/** One percentile target of the plan. */
export interface Target {
  metric: LatencyMetric;
  percentile: 'p95' | 'p99';
  limitMs: number;
}

export const targetsOf = ({ slo }: Plan): Target[] =>
  latencyMetrics.flatMap((metric) =>
    (['p95', 'p99'] as const).flatMap((percentile) => {
      const limitMs = slo[metric][percentile];
      return limitMs === undefined ? [] : [{ metric, percentile, limitMs }];
    }),
  );

type Measured = Omit<Evaluation, 'violations' | 'tightest'>;

/** Every hard constraint of the plan with the value it has here. An unknown value breaks its constraint. */
export function constraintReadings(plan: Plan, measured: Measured): Violation[] {
  const { limits } = plan;
  const readings = targetsOf(plan).map(({ metric, percentile, limitMs }) => {
    const stats: LatencyStats = measured[metric];
    const none = stats.count === 0 && metric === 'tpotMs';
    return reading(`slo.${metric}.${percentile}`, none ? 0 : stats[percentile].value, limitMs);
  });
  const bounded = [
    ['limits.kwPerNode', measured.replicaKw, limits.kwPerNode],
    ['limits.kwPerRack', measured.replicaKw, limits.kwPerRack],
    ['limits.siteKw', measured.fleetKw, limits.siteKw],
    ['limits.usdPerHour', measured.usdPerHour, limits.usdPerHour],
    ['limits.carbonKgPerHour', measured.carbonKgPerHour, limits.carbonKgPerHour],
  ] as const;
  for (const [field, value, limit] of bounded) {
    if (limit !== undefined) readings.push(reading(field, value, limit));
  }
  return readings;
}

function reading(field: string, value: number | null, limit: number): Violation {
  const known = value ?? Number.POSITIVE_INFINITY;
  return { field, value: known, limit, over: known / limit };
}

/** The constraints that are broken, and the one with the least room. */
export function judge(readings: readonly Violation[]): {
  violations: Violation[];
  tightest: Violation | null;
} {
  const sorted = readings.toSorted((a, b) => b.over - a.over);
  return { violations: sorted.filter(({ over }) => over > 1), tightest: sorted[0] ?? null };
}
