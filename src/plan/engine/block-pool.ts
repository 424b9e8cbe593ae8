import { createRecencyRing } from './recency-ring.ts';

/**
 * Blocks of the paged KV cache. A free block keeps what it holds until it is taken for something
 * else, so that it can be found again: the free list is in the order of release, oldest first (LRU).
 */
export interface BlockPool {
  readonly total: number;
  free(): number;
  /** The oldest free block; what it held is forgotten. Only when `free()` > 0 (a bug otherwise). */
  take(): number;
  /** One user less; without users the block becomes the newest free one. */
  release(block: number): void;
  /** One user more of a block that still holds what is wanted. */
  touch(block: number): void;
  isFree(block: number): boolean;
  /** Changes whenever the block is taken: equal stamps mean equal content. */
  stampOf(block: number): number;
  /** Names the content, so that others find it; the first block of a name keeps it. */
  register(block: number, hash: number): void;
  /** The block of that content, -1 when none holds it. */
  find(hash: number): number;
}

const NONE = -1;

/**
 * As vLLM's V1 block pool (its documentation, "Automatic Prefix Caching": hash of a block to block, a doubly linked
 * free queue, eviction when a block is taken again). All operations are O(1). `onEvict`
 * is told the name of content that is forgotten.
 */
export function createBlockPool(
  total: number,
  onEvict: (hash: number) => void = () => {},
): BlockPool {
  const freeBlocks = createRecencyRing(total);
  const users = new Int32Array(total);
  const stamps = new Float64Array(total);
  const hashes = new Float64Array(total).fill(NONE);
  const blockOfHash = new Map<number, number>();
  let freeCount = total;

  return {
    total,
    free: () => freeCount,
    take() {
      if (freeCount === 0) throw new Error('no block is free');
      const block = freeBlocks.oldest();
      freeBlocks.unlink(block);
      freeCount -= 1;
      users[block] = 1;
      stamps[block] = (stamps[block] ?? 0) + 1;
      const hash = hashes[block] ?? NONE;
      if (hash !== NONE) {
        blockOfHash.delete(hash);
        onEvict(hash);
        hashes[block] = NONE;
      }
      return block;
    },
    release(block) {
      const left = (users[block] ?? 0) - 1;
      users[block] = left;
      if (left > 0) return;
      freeBlocks.append(block);
      freeCount += 1;
    },
    touch(block) {
      if (users[block] === 0) {
        freeBlocks.unlink(block);
        freeCount -= 1;
      }
      users[block] = (users[block] ?? 0) + 1;
    },
    isFree: (block) => users[block] === 0,
    stampOf: (block) => stamps[block] ?? 0,
    register(block, hash) {
      if (hashes[block] !== NONE || blockOfHash.has(hash)) return;
      hashes[block] = hash;
      blockOfHash.set(hash, block);
    },
    find: (hash) => blockOfHash.get(hash) ?? NONE,
  };
}
