import { ROOFLINE_CONSTANTS, type RooflineConstants } from '../time/roofline.ts';

/** What the simulated engine's kernels reach of the published peaks; absent: the roofline's own figures. */
export interface SimulatedEfficiency {
  /** Share of peak arithmetic. */
  compute?: number | undefined;
  /** Share of peak memory bandwidth. */
  memory?: number | undefined;
  stepOverheadMs?: number | undefined;
}

/** The roofline of a simulated engine. */
export const simulatedConstants = ({
  compute = ROOFLINE_CONSTANTS.computeShare,
  memory = ROOFLINE_CONSTANTS.bandwidthShare,
  stepOverheadMs = ROOFLINE_CONSTANTS.stepOverheadMs,
}: SimulatedEfficiency = {}): RooflineConstants => ({
  ...ROOFLINE_CONSTANTS,
  computeShare: compute,
  bandwidthShare: memory,
  stepOverheadMs,
});
