import { fail, ok, type Result } from '../../../records/errors.ts';
import { type Interval, phaseInterval } from './phase-interval.ts';
import { groupKey, type PhaseConfig, type PhaseGroup, type PhaseTable } from './phase-table.ts';
import { type Axis, type PhaseMetric, predictWithinGroup } from './predict-within-group.ts';

/** What is asked: one configuration of one model on one accelerator. */
export interface PhaseQuery extends PhaseConfig {
  model: string;
  hardware: string;
  tensorParallel: number;
}

export type PhaseOrigin = 'measured' | 'interpolated' | 'between-tensor-parallel';

/** Times of the two phases of a batch. */
export interface PhasePrediction {
  /** Milliseconds until the whole batch has its first token. */
  promptMs: number;
  /** Milliseconds from one token to the next. */
  tokenMs: number;
  /** Average power as a share of TDP; null where the table has none. */
  powerShare: number | null;
  /** 90 % intervals; null where the error is not known. */
  intervals: Readonly<Record<PhaseMetric, Interval | null>>;
  origin: PhaseOrigin;
  /** What lies outside the measurements; empty is inside all of them. */
  extrapolated: Array<Axis | 'tensorParallel'>;
}

interface Estimate {
  value: number;
  interval: Interval | null;
  origin: PhaseOrigin;
  extrapolated: PhasePrediction['extrapolated'];
}

/**
 * Looks a configuration up in measured tables: exactly, else between its levels, else between
 * degrees of tensor parallelism. TR_PLAN_INVALID names what the table has when it knows nothing of
 * the pair.
 */
export function predictPhase(table: PhaseTable, query: PhaseQuery): Result<PhasePrediction> {
  const groups = table.filter(
    (group) => group.model === query.model && group.hardware === query.hardware,
  );
  const prompt = estimate(groups, query, 'promptMs');
  const token = estimate(groups, query, 'tokenMs');
  if (prompt === null || token === null) return unknownPair(table, query);
  const power = estimate(groups, query, 'powerShare');
  return ok({
    promptMs: prompt.value,
    tokenMs: token.value,
    powerShare: power?.value ?? null,
    intervals: {
      promptMs: prompt.interval,
      tokenMs: token.interval,
      powerShare: power?.interval ?? null,
    },
    origin: prompt.origin,
    extrapolated: [...new Set([...prompt.extrapolated, ...token.extrapolated])],
  });
}

function estimate(
  groups: readonly PhaseGroup[],
  query: PhaseQuery,
  metric: PhaseMetric,
): Estimate | null {
  const own = groups.find((group) => group.tensorParallel === query.tensorParallel);
  if (own === undefined) return betweenDegrees(groups, query, metric);
  const inside = predictWithinGroup(own, query, metric);
  if (inside === null) return null;
  const { value, measured, along, extrapolated } = inside;
  const interval = extrapolated.length > 0 ? null : phaseInterval(metric, value, along);
  return { value, interval, origin: measured ? 'measured' : 'interpolated', extrapolated };
}

/**
 * a + b / TP through the two nearest degrees, on both sides where there are two: arithmetic and
 * weights split as 1 / TP, and a ring all-reduce moves 2 (TP - 1) / TP of the activations, which
 * has that form too (Patarasuk and Yuan, J. Parallel Distrib. Comput. 69, 2009). One degree alone
 * says nothing about another: null.
 */
function betweenDegrees(
  groups: readonly PhaseGroup[],
  query: PhaseQuery,
  metric: PhaseMetric,
): Estimate | null {
  const known = groups
    .flatMap((group) => {
      const at = predictWithinGroup(group, query, metric);
      return at === null ? [] : [{ degree: group.tensorParallel, ...at }];
    })
    .toSorted((a, b) => a.degree - b.degree);
  const upperAt = known.findIndex(({ degree }) => degree > query.tensorParallel);
  const inside = upperAt > 0;
  const from = inside ? upperAt - 1 : upperAt === 0 ? 0 : known.length - 2;
  const [low, high] = [known[from], known[from + 1]];
  if (low === undefined || high === undefined) return null;
  const share = (1 / query.tensorParallel - 1 / high.degree) / (1 / low.degree - 1 / high.degree);
  const value = high.value + (low.value - high.value) * share;
  if (!(value > 0)) return null;
  const axes = new Set([...low.extrapolated, ...high.extrapolated]);
  return {
    value,
    // Nothing visible says how large errors between degrees are.
    interval: null,
    origin: 'between-tensor-parallel',
    extrapolated: inside ? [...axes] : [...axes, 'tensorParallel'],
  };
}

function unknownPair(table: PhaseTable, query: PhaseQuery): ReturnType<typeof fail> {
  const models = new Set(table.map((group) => group.model));
  const field = models.has(query.model) ? 'hardware' : 'model';
  const has = table.map(groupKey).join(', ');
  return fail(
    'TR_PLAN_INVALID',
    `no measured table answers ${groupKey(query)}: ${field} must be one of what was measured (${has})`,
    { field },
  );
}
