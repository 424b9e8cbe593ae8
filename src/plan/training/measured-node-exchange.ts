import { shippedCollectives } from '../time/collectives/collective-file.ts';
import { exchangeTime } from '../time/collectives/collective-model.ts';
import type { Operation } from '../time/collectives/exchange.ts';
import type { NodeExchange } from './collectives.ts';

/**
 * Exchanges of 16-bit buffers by NCCL inside a node, from the collective model that ships with the
 * product: measured curves where its tables have the accelerator and number of ranks, else its
 * fitted form over the link.
 */
export function measuredNodeExchange(accelerator: string, linkGbPerS: number): NodeExchange {
  const model = shippedCollectives();
  const seconds =
    (operation: Operation) =>
    (ranks: number, bytes: number): number => {
      const where = { accelerator, linkGbPerS, ranks, ranksPerNode: ranks };
      const exchange = { software: 'nccl', operation, dtype: 'half', bytes, ...where };
      return exchangeTime(model, exchange).ms / 1000;
    };
  return {
    allReduceS: seconds('all_reduce'),
    halfReduceS: seconds('reduce_scatter'),
    allToAllS: seconds('alltoall'),
  };
}
