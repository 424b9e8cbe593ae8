/**
 * Work of one engine step, summed over the sequences in it. A step is one forward pass: some sequences
 * bring a chunk of prompt (prefill), others one token each (decode).
 */
export interface StepWork {
  /** Prompt tokens in this step, over all sequences that prefill. */
  prefillTokens: number;
  /** Sequences that prefill a chunk. */
  prefillSequences: number;
  /** Sequences that decode one token. */
  decodeTokens: number;
  /** Query-key pairs of the prefill chunks under the causal mask. */
  prefillPairs: number;
  /** Context tokens whose keys and values the prefill chunks read, each sequence once. */
  prefillContextTokens: number;
  /** Context tokens whose keys and values the decoding sequences read. */
  decodeContextTokens: number;
  /** Context of the longest decoding sequence: attention waits for it. */
  decodeLongestTokens: number;
  /** Sequences that leave the step with a new token: rows of the output head. */
  sampledTokens: number;
  /** The same by rank, where data-parallel ranks run their steps together. */
  ranks?: readonly StepWork[];
}

/** A step without a sequence in it. */
export const noWork = (): StepWork => ({
  prefillTokens: 0,
  prefillSequences: 0,
  decodeTokens: 0,
  prefillPairs: 0,
  prefillContextTokens: 0,
  decodeContextTokens: 0,
  decodeLongestTokens: 0,
  sampledTokens: 0,
});

/**
 * How far a duration can be trusted: looked up in measured operator times, fitted to measured runs, or computed
 * from published peak figures.
 */
export type TimeProvenance = 'measured-table' | 'fitted' | 'roofline';

/** Duration of one step; the parts add up to totalMs. */
export interface StepTime {
  totalMs: number;
  /** Kernels whose limit is arithmetic. */
  computeMs: number;
  /** Kernels whose limit is memory bandwidth. */
  memoryMs: number;
  /** Exchange between the accelerators of one replica. */
  collectiveMs: number;
  /** Host work and launches that nothing overlaps. */
  overheadMs: number;
}

/** One form of the answer to "how long does this step take?". Pure. */
export interface StepTimeModel {
  readonly provenance: TimeProvenance;
  stepTime(work: StepWork): StepTime;
}

/** Query-key pairs of `newTokens` causal queries that follow `contextTokens` earlier tokens. */
export const causalPairs = (newTokens: number, contextTokens: number): number =>
  newTokens * contextTokens + (newTokens * (newTokens + 1)) / 2;
