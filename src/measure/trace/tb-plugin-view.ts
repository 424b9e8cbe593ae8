import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import { intersect, lengthWithin, subtract, union, type Intervals } from './intervals.ts';
import { TB_LANES, tbPluginLanes, type TbLane } from './tb-plugin-roles.ts';
import { tbPluginSteps, type TbStep } from './tb-plugin-steps.ts';
import { tbPluginDevices } from './tb-plugin-devices.ts';

/** Figures of the TensorBoard plug-in in its own names; times in microseconds. */
export interface TbPluginView {
  roles: readonly string[];
  /** Time per lane and in all, by the step's number. */
  steps: Record<string, number[]>;
  avg: number[];
  /** Per device that ran kernels, shares; ascending device number. */
  gpu_utilization: number[];
  sm_efficiency: number[];
  occupancy_pct: number[];
  /** Per step: computation, communication, both, neither. Null without communication. */
  comm_overlap: number[][] | null;
}

export const TB_ROLES: readonly string[] = [...TB_LANES, 'Other', 'Total'];

/** The TensorBoard plug-in's overview: each moment of a step goes to the first lane that covers it. */
export function tbPluginView(trace: KinetoTrace): TbPluginView {
  const steps = tbPluginSteps(trace);
  const lanes = tbPluginLanes(trace);
  const costs = precedence(steps, lanes).map(lengthWithin);
  const rows = steps.map(({ startUs, endUs }) => [
    ...costs.map((within) => within(startUs, endUs)),
    endUs - startUs,
  ]);
  return {
    roles: TB_ROLES,
    steps: Object.fromEntries(steps.map(({ name }, i) => [name, rows[i] ?? []])),
    avg: TB_ROLES.map((_, i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0) / rows.length),
    ...tbPluginDevices(trace, steps),
    comm_overlap: lanes.Communication.length === 0 ? null : overlapRows(steps, lanes),
  };
}

/** Without kernels the plug-in compares communication with operators. */
const computation = (lanes: Record<TbLane, Intervals>): Intervals =>
  lanes.Kernel.length > 0 ? lanes.Kernel : lanes.CpuOp;

/**
 * What each lane gets of the steps, then what nobody gets. As in the plug-in, a lane that follows
 * after all time is taken begins with all time again.
 */
function precedence(steps: readonly TbStep[], lanes: Record<TbLane, Intervals>): Intervals[] {
  const all = union(
    steps.map(({ startUs }) => startUs),
    steps.map(({ endUs }) => endUs),
  );
  let free: Intervals = new Float64Array();
  const out: Intervals[] = [];
  for (const name of TB_LANES) {
    const taken = free.length > 0 ? intersect(free, lanes[name]) : lanes[name];
    if (free.length === 0) free = all;
    free = subtract(free, taken);
    out.push(taken);
  }
  return [...out, free];
}

function overlapRows(steps: readonly TbStep[], lanes: Record<TbLane, Intervals>): number[][] {
  const compute = lengthWithin(computation(lanes));
  const communicate = lengthWithin(lanes.Communication);
  const both = lengthWithin(intersect(computation(lanes), lanes.Communication));
  return steps.map(({ startUs, endUs }) => {
    const computeUs = compute(startUs, endUs);
    const communicateUs = communicate(startUs, endUs);
    const bothUs = both(startUs, endUs);
    return [computeUs, communicateUs, bothUs, endUs - startUs + bothUs - computeUs - communicateUs];
  });
}
