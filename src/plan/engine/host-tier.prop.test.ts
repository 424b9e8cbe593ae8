import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHostTier } from './host-tier.ts';

describe('host tier', () => {
  it('agrees with a plain list in order of the last put', () => {
    fc.assert(
      fc.property(fc.nat(6), fc.array(fc.nat(12), { maxLength: 60 }), (blocks, puts) => {
        const tier = createHostTier(blocks);
        let held: number[] = [];
        for (const hash of puts) {
          tier.put(hash);
          held = [...held.filter((one) => one !== hash), hash].slice(blocks === 0 ? 1e9 : -blocks);
          for (let one = 0; one <= 12; one += 1) expect(tier.has(one)).toBe(held.includes(one));
        }
      }),
    );
  });

  it('ends a million puts into a large tier, each as quick as the first', () => {
    // A tier that looks for its oldest block by passing over all it forgot takes a quarter of an hour for these.
    const blocks = 200_000;
    const tier = createHostTier(blocks);
    for (let hash = 0; hash < 5 * blocks; hash += 1) tier.put(hash);
    expect(tier.has(4 * blocks - 1)).toBe(false);
    expect(tier.has(4 * blocks)).toBe(true);
  });
});
