import { brackets, toCurve, valueAt, type Curve } from './axis-curve.ts';
import { configKey, type PhaseConfig, type PhaseGroup, type PhasePoint } from './phase-table.ts';

export type PhaseMetric = 'promptMs' | 'tokenMs' | 'powerShare';

export const AXES = ['promptTokens', 'batch', 'outputTokens'] as const;
export type Axis = (typeof AXES)[number];

/** A value, and in which axes it lies outside what was measured. */
export interface GroupValue {
  value: number;
  measured: boolean;
  /** Axes it was interpolated or extrapolated along. */
  along: Axis[];
  extrapolated: Axis[];
}

/**
 * One metric of one configuration from the measurements of its own group:
 * - measured: the configuration itself;
 * - on a sweep (only one axis differs) between two of its levels: piecewise linear in that axis.
 *   Prompt times jump where engines change kernels (2,048 to 4,096 tokens at TP8), so where the
 *   other sweep passes the same number of tokens (batch x prompt), its curve gives the form and
 *   only the ratio of the two is interpolated, over the logarithm of the axis;
 * - elsewhere: the value where the sweeps cross, times the relative change along each axis.
 * Null when the group measured that metric nowhere.
 */
export function predictWithinGroup(
  group: PhaseGroup,
  config: PhaseConfig,
  metric: PhaseMetric,
): GroupValue | null {
  const points = group.points.filter((point) => point[metric] !== null);
  const exact = points.find((point) => configKey(point) === configKey(config));
  if (exact !== undefined)
    return { value: valueOf(exact, metric), measured: true, along: [], extrapolated: [] };
  for (const axis of AXES) {
    const sweep = sweepThrough(points, config, axis);
    if (sweep.length < 2 || !brackets(curveOf(sweep, axis, metric), config[axis])) continue;
    const value = onSweep({ points, sweep, axis, metric }, config);
    return { value, measured: false, along: [axis], extrapolated: [] };
  }
  return fromCrossing(points, config, metric);
}

/** Points that differ from `config` in no axis but `axis`. */
export const sweepThrough = <P extends PhaseConfig>(
  points: readonly P[],
  config: PhaseConfig,
  axis: Axis,
): P[] => points.filter((point) => AXES.every((one) => one === axis || point[one] === config[one]));

interface Sweep {
  points: readonly PhasePoint[];
  sweep: readonly PhasePoint[];
  axis: Axis;
  metric: PhaseMetric;
}

function onSweep(around: Sweep, config: PhaseConfig): number {
  const { sweep, axis, metric } = around;
  const guided = metric === 'promptMs' ? guidedValue(around, config) : null;
  return guided ?? valueAt(curveOf(sweep, axis, metric), config[axis]);
}

/** Null where the other sweep does not reach this number of tokens. */
function guidedValue({ points, sweep, axis, metric }: Sweep, config: PhaseConfig): number | null {
  if (axis === 'outputTokens') return null;
  const guide = crossingCurve(points, config, axis);
  if (guide.length < 2 || !brackets(guide, tokensOf(config))) return null;
  const ratios = toCurve(
    sweep
      .filter((point) => brackets(guide, tokensOf(point)))
      .map((point) => ({
        x: point[axis],
        y: valueOf(point, metric) / valueAt(guide, tokensOf(point)),
      })),
  );
  if (!brackets(ratios, config[axis])) return null;
  return valueAt(guide, tokensOf(config)) * valueAt(ratios, config[axis], 'logarithmic');
}

/** Prompt time over tokens, along the longest sweep that holds `axis` still. */
function crossingCurve(points: readonly PhasePoint[], config: PhaseConfig, axis: Axis): Curve {
  const bySharedLevel = new Map<number, PhasePoint[]>();
  for (const point of points) {
    if (point.outputTokens !== config.outputTokens) continue;
    const sharing = bySharedLevel.get(point[axis]) ?? [];
    bySharedLevel.set(point[axis], sharing);
    sharing.push(point);
  }
  const longest = [...bySharedLevel.values()].toSorted((a, b) => b.length - a.length)[0] ?? [];
  return toCurve(longest.map((point) => ({ x: tokensOf(point), y: point.promptMs })));
}

function fromCrossing(
  points: readonly PhasePoint[],
  config: PhaseConfig,
  metric: PhaseMetric,
): GroupValue | null {
  const degree = (point: PhasePoint): number =>
    AXES.reduce((sum, axis) => sum + sweepThrough(points, point, axis).length, 0);
  const crossing = points.toSorted((a, b) => degree(b) - degree(a))[0];
  if (crossing === undefined) return null;
  const base = valueOf(crossing, metric);
  const along: Axis[] = [];
  const extrapolated: Axis[] = [];
  let value = base;
  for (const axis of AXES) {
    if (config[axis] === crossing[axis]) continue;
    along.push(axis);
    const sweep = sweepThrough(points, crossing, axis);
    const curve = curveOf(sweep, axis, metric);
    if (!brackets(curve, config[axis])) extrapolated.push(axis);
    const at = { ...crossing, [axis]: config[axis] };
    const known = sweep.find((point) => point[axis] === config[axis]);
    const there =
      known === undefined ? onSweep({ points, sweep, axis, metric }, at) : valueOf(known, metric);
    value *= there / base;
  }
  return { value, measured: false, along, extrapolated };
}

const curveOf = (sweep: readonly PhasePoint[], axis: Axis, metric: PhaseMetric): Curve =>
  toCurve(sweep.map((point) => ({ x: point[axis], y: valueOf(point, metric) })));

const tokensOf = ({ promptTokens, batch }: PhaseConfig): number => promptTokens * batch;

/** Only for points that have the metric. */
const valueOf = (point: PhasePoint, metric: PhaseMetric): number => point[metric] ?? Number.NaN;
