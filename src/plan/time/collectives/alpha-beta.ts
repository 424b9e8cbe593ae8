import type { Exchange, Operation } from './exchange.ts';

/** Log factors on the figures below, as fitted; all 0 are the figures themselves. */
export type ExchangeCoefficients = readonly number[];
export const EXCHANGE_COEFFICIENTS = 7;

const LATENCY_US = 5;
const LATENCY_PER_DOUBLING_US = 3;
const EFFICIENCY = 0.8;
const TRANSITION = 1;
const NODE_LATENCY_US = 20;
/** One direction between nodes, bytes per microsecond (GB/s x 1000): 100 Gbit/s a rank. */
const NODE_BYTES_PER_US = 12_500;
const NODE_TRANSITION = 1;

/**
 * Milliseconds of an exchange by the Hockney form (Parallel Computing 20, 1994) with the volume factors of ring
 * algorithms (Thakur, Rabenseifner and Gropp, IJHPCA 19(1), 2005): a latency that grows with the doublings of ranks,
 * moved bytes over the link, and between the two a term with the square root of the bytes, because messages
 * of medium size do not fill the link (protocol switches, pipelining). Across nodes the part that leaves
 * a node runs over the network after the part inside, as in hierarchical rings.
 */
export function alphaBetaMs(e: Exchange, q: ExchangeCoefficients): number {
  const factor = (at: number): number => Math.exp(q[at] ?? 0);
  const local = Math.min(e.ranks, e.ranksPerNode);
  const nodes = Math.ceil(e.ranks / e.ranksPerNode);
  const latencyUs =
    LATENCY_US * factor(0) + LATENCY_PER_DOUBLING_US * factor(1) * Math.log2(Math.max(1, local));
  const inside = moved(e.operation, local) * e.bytes;
  const insideUs = inside / ((e.linkGbPerS * 1e3 * EFFICIENCY) / factor(2));
  let us = latencyUs + insideUs + TRANSITION * factor(3) * Math.sqrt(insideUs);
  if (nodes > 1) {
    const outside = (moved(e.operation, nodes) * e.bytes) / local;
    const outsideUs = (outside / NODE_BYTES_PER_US) * factor(4);
    us += NODE_LATENCY_US * factor(5) * Math.log2(nodes);
    us += outsideUs + NODE_TRANSITION * factor(6) * Math.sqrt(outsideUs);
  }
  return us / 1e3;
}

/** Bytes that pass each link per byte of the buffer, in a ring of n. */
function moved(operation: Operation, n: number): number {
  if (n <= 1) return 0;
  if (operation === 'send_recv') return 1;
  return ((operation === 'all_reduce' ? 2 : 1) * (n - 1)) / n;
}
