/** KV blocks in host memory, by the name of their content; the least recently used goes first. */
export interface HostTier {
  has(hash: number): boolean;
  put: (hash: number) => void;
}

/** A second tier behind the device's prefix cache, as vLLM's native KV offloading keeps it. All operations are O(1). */
export function createHostTier(blocks: number): HostTier {
  // A Map iterates in the order of insertion, so its first key is the oldest.
  const held = new Map<number, true>();
  return {
    has: (hash) => held.has(hash),
    put(hash) {
      if (blocks === 0) return;
      held.delete(hash);
      held.set(hash, true);
      if (held.size <= blocks) return;
      const oldest = held.keys().next();
      if (oldest.done !== true) held.delete(oldest.value);
    },
  };
}
