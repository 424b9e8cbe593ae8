import { createRecencyRing } from './recency-ring.ts';

/** KV blocks in host memory, by the name of their content; the least recently put goes first. */
export interface HostTier {
  has(hash: number): boolean;
  put: (hash: number) => void;
}

const NONE = -1;

/** A second tier behind the device's prefix cache, as vLLM's native KV offloading keeps it. All operations are O(1). */
export function createHostTier(blocks: number): HostTier {
  const places = createRecencyRing(blocks);
  const hashes = new Float64Array(blocks).fill(NONE);
  const placeOf = new Map<number, number>();
  return {
    has: (hash) => placeOf.has(hash),
    put(hash) {
      if (blocks === 0) return;
      let place = placeOf.get(hash);
      if (place === undefined) {
        place = places.oldest();
        const forgotten = hashes[place] ?? NONE;
        if (forgotten !== NONE) placeOf.delete(forgotten);
        hashes[place] = hash;
        placeOf.set(hash, place);
      }
      places.unlink(place);
      places.append(place);
    },
  };
}
