/** One operation of a training step, as the what-if traces of ByteDance (arXiv 2505.05713) have it. */
export interface Operation {
  dpRank: number;
  /** Pipeline stage. */
  stage: number;
  rank: number;
  step: number;
  opType: string;
  /** Start and duration, seconds on one clock per step. */
  startS: number;
  durationS: number;
  /** Number among operations of this type, stage and step. */
  sequence: number;
  /** Model chunk on this stage, and in the whole model; -1 for operations that belong to none. */
  chunk: number;
  globalChunk: number;
}

/** Operations of a job; the same operations in each step and data-parallel rank. */
export interface StepTrace {
  file: string;
  operations: Operation[];
}

export const P2P_TYPES = [
  'forward-send',
  'forward-recv',
  'backward-send',
  'backward-recv',
] as const;

/** Collectives over data-parallel ranks. */
export const DP_TYPES: ReadonlySet<string> = new Set([
  'params-all-gather',
  'grads-reduce-scatter',
  'separate-grads-all-reduce',
]);

/** Communication, of which an ideal job takes the median; of all else it takes the mean. */
export const COMMUNICATION_TYPES: ReadonlySet<string> = new Set([
  ...P2P_TYPES,
  ...DP_TYPES,
  'layernorm-grads-all-reduce',
  'embedding-grads-all-reduce',
  'optimizer-clip-main-grad',
]);

/** Name of an operation within a step and data-parallel rank: type, number, stage. */
export const operationName = (opType: string, sequence: number, stage: number): string =>
  `${opType}_${sequence}_${stage}`;
