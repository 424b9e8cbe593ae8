/** What accelerators exchange. Bytes are the buffer that the operation is called with. */
export type Operation = 'all_reduce' | 'all_gather' | 'reduce_scatter' | 'alltoall' | 'send_recv';

export const OPERATIONS: readonly Operation[] = [
  'all_reduce',
  'all_gather',
  'reduce_scatter',
  'alltoall',
  'send_recv',
];

/** One exchange on one machine or between machines. */
export interface Exchange {
  /** Who does it: `nccl`, `vllm_graph`, `vllm_eager` (its own all-reduce kernels), `torch`. */
  software: string;
  operation: Operation;
  /** Number format reduced in; formats of one width can differ in speed. */
  dtype: string;
  ranks: number;
  ranksPerNode: number;
  /** Id of the accelerator in the catalog. */
  accelerator: string;
  /** One direction of the link between accelerators of a node, 1e9 bytes a second. */
  linkGbPerS: number;
  bytes: number;
}

export interface MeasuredExchange extends Exchange {
  ms: number;
}

/** Exchanges that differ in bytes and number format alone: their times jump at the same sizes. */
export const familyOf = (e: Exchange): string =>
  [e.software, e.operation, '*', e.accelerator, e.ranks, e.ranksPerNode].join(' ');

/** Exchanges that differ in bytes alone lie on one curve. */
export const curveOf = (e: Exchange): string =>
  [e.software, e.operation, e.dtype, e.accelerator, e.ranks, e.ranksPerNode].join(' ');
