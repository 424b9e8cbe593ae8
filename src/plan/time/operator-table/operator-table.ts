/** Times of one operator, microseconds, over the rows (tokens or sequences) it works on, ascending. */
export interface OperatorCurve {
  name: string;
  /** Calls per transformer layer; 0 is once per step. */
  callsPerLayer: number;
  rows: number[];
  timesUs: number[];
}

/** Times over a grid, flattened with the last axis fastest; null where nothing was measured. */
export type GridTimes = Array<number | null>;

/** Measured operator times of one model on one accelerator at one tensor parallelism. */
export interface OperatorTable {
  /** Catalog id, or the name in the data. */
  model: string;
  hardware: string;
  tensorParallel: number;
  numberFormat: string;
  engine: string;
  source: {
    repository: string;
    commit: string;
    path: string;
    licence: string;
    /** What was measured, and what was derived from it and how. */
    note: string;
  };
  dense: OperatorCurve[];
  perSequence: OperatorCurve[];
  /** Attention of one layer over prompt tokens, their cached context, decoding sequences, their mean context. */
  attention: {
    prefillTokens: number[];
    prefillContext: number[];
    decodes: number[];
    decodeContext: number[];
    timesUs: GridTimes;
  };
  /** Experts of one layer over tokens and experts that they reach; null for dense models. */
  moe: { tokens: number[]; experts: number[]; timesUs: GridTimes } | null;
  /**
   * How far attention over unequal contexts is between the time of their mean (0) and of their longest (1): rows of
   * [prefill tokens, decodes at most, mean / longest at most, longest at most, prefill context at most, share].
   */
  skew: number[][] | null;
}
