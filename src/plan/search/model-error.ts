import type { TimeProvenance } from '../time/step-time.ts';

/**
 * How far a step time may be off, as a share, by how it was obtained. Roofline: the largest miss in
 * docs/simulated-engine.md is 16 % (A100 decode) and none of its rows is a mixture of experts, so a
 * quarter is taken. Measured tables: runs on hardware that was profiled whole stay within 2 % (`tailrace plan validate`),
 * but tables that were put together from several sources have no run to be checked on, so a tenth is taken. Fitted: the 10 %
 * within which the fit's token times lie on sweeps it has not seen (docs/planner.md, "Fitted model").
 */
const ERROR_SHARE: Readonly<Record<TimeProvenance, number>> = {
  'measured-table': 0.1,
  fitted: 0.1,
  roofline: 0.25,
};

/** The largest share among the sources of a simulation. */
export const modelErrorShare = (provenance: readonly TimeProvenance[]): number =>
  Math.max(0, ...provenance.map((one) => ERROR_SHARE[one]));
