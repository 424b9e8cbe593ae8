import { createBlockPool } from './block-pool.ts';
import { createHostTier } from './host-tier.ts';
import type { Sequence } from './scheduler.ts';

/** The KV blocks of one replica, as sequences hold them. */
export interface KvCache {
  readonly total: number;
  used(): number;
  /**
   * Tokens of the sequence that are found in the cache: whole blocks from its start, never all of
   * its tokens, because the last one must be computed to sample the next. Takes nothing.
   */
  find(sequence: Sequence): number;
  /**
   * Whether `tokens` in all fit, when the first `foundTokens` come from the cache (a free block
   * that is found is no longer free).
   */
  fits(sequence: Sequence, foundTokens: number, tokens: number): boolean;
  /** Takes over the blocks that `find` found. */
  claim(sequence: Sequence, foundTokens: number): void;
  /** Grows to the blocks for `tokens` in all; false, and nothing taken, when too few are free. */
  grow(sequence: Sequence, tokens: number): boolean;
  /** Gives every block back, last one first, so that the start of a text is forgotten last. */
  release(sequence: Sequence): void;
  readonly blockTokens: number;
}

/**
 * Paged KV cache with prefix caching in the way of vLLM's V1 engine (its documentation, "Automatic Prefix Caching",
 * v0.19). Prompt blocks are known by the workload's block ids; blocks of a sequence without ids, and generated ones,
 * only by that sequence itself, when it comes back after a preemption.
 */
export function createKvCache(options: {
  blocks: number;
  blockTokens: number;
  prefixCaching: boolean;
  /** Blocks of host memory behind the device's; 0 without. */
  hostBlocks: number;
}): KvCache {
  const { blocks, blockTokens, prefixCaching } = options;
  const host = createHostTier(options.hostBlocks);
  const pool = createBlockPool(blocks, host.put);

  /**
   * Name of the i-th block, null when the workload gives none. Ids of single blocks may go on over the reply, which a
   * later turn repeats; of a coarser id only the part within the prompt is known to be full.
   */
  const hashOf = (sequence: Sequence, i: number): number | null => {
    const { blockIds, tokensPerBlockId, promptTokens } = sequence;
    if (blockIds === null) return null;
    if (tokensPerBlockId > blockTokens && (i + 1) * blockTokens > promptTokens) return null;
    const perId = tokensPerBlockId / blockTokens;
    const id = blockIds[Math.floor(i / perId)];
    return id === undefined ? null : id * perId + (i % perId);
  };

  /** The block of the cache that holds the i-th block of the sequence; -1 when none does. */
  const lookUp = (sequence: Sequence, i: number): number => {
    const hash = hashOf(sequence, i);
    if (hash !== null) return pool.find(hash);
    const block = sequence.table[i];
    const stamp = sequence.lostStamps[i];
    if (block === undefined || stamp === undefined) return -1;
    return pool.stampOf(block) === stamp ? block : -1;
  };

  const inHost = (sequence: Sequence, i: number): boolean => {
    const hash = hashOf(sequence, i);
    return hash !== null && host.has(hash);
  };

  return {
    total: blocks,
    blockTokens,
    used: () => blocks - pool.free(),
    find(sequence) {
      if (!prefixCaching) return 0;
      if (sequence.blockIds === null && sequence.lostStamps.length === 0) return 0;
      const tokens = sequence.promptTokens + sequence.generated;
      const most = Math.floor((tokens - 1) / blockTokens);
      let found = 0;
      while (found < most && (lookUp(sequence, found) >= 0 || inHost(sequence, found))) found += 1;
      return found * blockTokens;
    },
    fits(sequence, foundTokens, tokens) {
      const found = foundTokens / blockTokens;
      let wanted = Math.ceil(tokens / blockTokens) - found;
      for (let i = 0; i < found; i += 1) {
        const block = lookUp(sequence, i);
        if (block < 0 || pool.isFree(block)) wanted += 1;
      }
      return wanted <= pool.free();
    },
    claim(sequence, foundTokens) {
      const found = foundTokens / blockTokens;
      sequence.loaded = 0;
      const missing: number[] = [];
      // What the device holds is held on to first, lest it be evicted for what the host holds.
      for (let i = 0; i < found; i += 1) {
        const block = lookUp(sequence, i);
        if (block < 0) missing.push(i);
        else pool.touch(block);
        sequence.table[i] = block;
      }
      for (const i of missing) {
        const block = pool.take();
        const hash = hashOf(sequence, i);
        if (hash !== null) pool.register(block, hash);
        sequence.table[i] = block;
        sequence.loaded += blockTokens;
      }
      sequence.blocks = found;
      sequence.lostStamps = [];
    },
    grow(sequence, tokens) {
      const wanted = Math.ceil(tokens / blockTokens);
      if (wanted - sequence.blocks > pool.free()) return false;
      while (sequence.blocks < wanted) {
        const block = pool.take();
        sequence.table[sequence.blocks] = block;
        sequence.blocks += 1;
      }
      if (prefixCaching && sequence.blockIds !== null) {
        const full = Math.floor(tokens / blockTokens);
        for (let i = Math.floor(sequence.computed / blockTokens); i < full; i += 1) {
          const hash = hashOf(sequence, i);
          if (hash === null) break;
          pool.register(sequence.table[i] ?? 0, hash);
        }
      }
      return true;
    },
    release(sequence) {
      sequence.lostStamps = [];
      if (prefixCaching) {
        // A block is known by its content only once all its tokens are: the pending one is not yet.
        const known = Math.min(sequence.computed, sequence.promptTokens + sequence.generated);
        const full = Math.floor(known / blockTokens);
        for (let i = 0; i < full; i += 1) {
          sequence.lostStamps.push(pool.stampOf(sequence.table[i] ?? 0));
        }
      }
      for (let i = sequence.blocks - 1; i >= 0; i -= 1) pool.release(sequence.table[i] ?? 0);
      sequence.blocks = 0;
    },
  };
}
