import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBlockPool } from './block-pool.ts';
import { createKvCache } from './kv-cache.ts';
import type { Sequence } from './scheduler.ts';

const sequence = (id: number, promptTokens: number, blockIds: number[] | null): Sequence => ({
  id,
  tag: id,
  priority: 0,
  promptTokens,
  outputTokens: 1,
  blockIds,
  tokensPerBlockId: 4,
  generated: 0,
  pending: 0,
  computed: 0,
  received: 0,
  cached: 0,
  loaded: 0,
  blocks: 0,
  table: [],
  lostStamps: [],
  preemptions: 0,
  state: 'waiting',
});

describe('block pool', () => {
  it('agrees with a plain list of free blocks in order of release', () => {
    const step = fc.record({ act: fc.constantFrom('take', 'release', 'touch'), pick: fc.nat(20) });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.array(step, { maxLength: 200 }),
        (total, steps) => {
          const pool = createBlockPool(total);
          const free = Array.from({ length: total }, (_, i) => i);
          const users = new Map<number, number>();
          for (const { act, pick } of steps) {
            const held = [...users.keys()];
            if (act === 'take' && free.length > 0) {
              const block = pool.take();
              expect(block).toBe(free.shift());
              users.set(block, 1);
            } else if (act === 'release' && held.length > 0) {
              const block = held[pick % held.length] ?? 0;
              pool.release(block);
              const left = (users.get(block) ?? 0) - 1;
              if (left > 0) users.set(block, left);
              else {
                users.delete(block);
                free.push(block);
              }
            } else if (act === 'touch') {
              const block = pick % total;
              if (!users.has(block)) free.splice(free.indexOf(block), 1);
              pool.touch(block);
              users.set(block, (users.get(block) ?? 0) + 1);
            }
            expect(pool.free()).toBe(free.length);
          }
        },
      ),
    );
  });

  it('finds content until its block is taken again, and never after', () => {
    const pool = createBlockPool(2);
    const first = pool.take();
    pool.register(first, 77);
    pool.release(first);
    expect(pool.find(77)).toBe(first);
    const stamp = pool.stampOf(first);
    pool.take();
    expect(pool.find(77)).toBe(first);
    expect(pool.take()).toBe(first);
    expect(pool.find(77)).toBe(-1);
    expect(pool.stampOf(first)).not.toBe(stamp);
  });
});

describe('prefix cache', () => {
  const kv = (hostBlocks = 0) =>
    createKvCache({ blocks: 8, blockTokens: 4, prefixCaching: true, hostBlocks });
  const run = (cache: ReturnType<typeof kv>, one: Sequence): void => {
    cache.grow(one, one.promptTokens);
    one.computed = one.promptTokens;
  };

  it('finds whole blocks of a shared start, and never all tokens', () => {
    const cache = kv();
    const first = sequence(1, 16, [1, 2, 3, 4]);
    run(cache, first);
    // The last token must be computed, so the last block is.
    expect(cache.find(sequence(2, 16, [1, 2, 3, 4]))).toBe(12);
    expect(cache.find(sequence(3, 17, [1, 2, 3, 4]))).toBe(16);
    expect(cache.find(sequence(4, 17, [1, 2, 9, 4]))).toBe(8);
    expect(cache.find(sequence(5, 17, null))).toBe(0);
  });

  it('counts a found block that is free as one that will be gone', () => {
    const cache = kv();
    const first = sequence(1, 16, [1, 2, 3, 4]);
    run(cache, first);
    cache.release(first);
    const other = sequence(2, 20, [1, 2, 3, 4, 5]);
    expect(cache.find(other)).toBe(16);
    expect(cache.fits(other, 16, 32)).toBe(true);
    expect(cache.fits(other, 16, 33)).toBe(false);
    cache.claim(other, 16);
    expect(cache.used()).toBe(4);
  });

  it('lets a preempted sequence find its own blocks until others take them, last ones first lost', () => {
    const cache = kv();
    const one = sequence(1, 16, null);
    run(cache, one);
    cache.release(one);
    expect(cache.find(one)).toBe(12);
    const other = sequence(2, 20, null);
    cache.grow(other, 20);
    // Four blocks were free before, so the fifth is the last of the released.
    expect(cache.find(one)).toBe(12);
    cache.grow(other, 28);
    expect(cache.find(one)).toBe(4);
  });

  it('copies from host memory what the device has evicted, and forgets the least recently used', () => {
    const cache = kv(4);
    const first = sequence(1, 16, [1, 2, 3, 4]);
    run(cache, first);
    cache.release(first);
    const filler = sequence(2, 32, [11, 12, 13, 14, 15, 16, 17, 18]);
    run(cache, filler);
    cache.release(filler);
    const again = sequence(3, 20, [1, 2, 3, 4]);
    expect(cache.find(again)).toBe(16);
    expect(cache.fits(again, 16, 20)).toBe(true);
    cache.claim(again, 16);
    expect(again.loaded).toBe(16);
    expect(cache.used()).toBe(4);
    // What was evicted for it went to the host in turn, where four blocks have room.
    expect(cache.find(sequence(4, 33, [11, 12, 13, 14, 15, 16, 17, 18]))).toBeGreaterThan(0);
    expect(kv(0).find(again)).toBe(0);
  });
});
