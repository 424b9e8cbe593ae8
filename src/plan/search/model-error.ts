import type { TimeProvenance } from '../time/step-time.ts';

/**
 * How far a step time may be off, as a share, by how it was obtained. Roofline: the largest miss in
 * docs/simulated-engine.md is 16 % (A100 decode) and none of its rows is a mixture of experts, so a
 * quarter is taken. Measured tables: the 2 % that runs on the tables' own hardware stay within. Fitted: the 10 %
 * within which the fit's token times lie on sweeps it has not seen (docs/planner.md, "Fitted model").
 */
const ERROR_SHARE: Readonly<Record<TimeProvenance, number>> = {
  'measured-table': 0.02,
  fitted: 0.1,
  roofline: 0.25,
};

/** The largest share among the sources of a simulation. */
export const modelErrorShare = (provenance: readonly TimeProvenance[]): number =>
  Math.max(0, ...provenance.map((one) => ERROR_SHARE[one]));
