import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventHeap } from './event-heap.ts';
import { runEvents } from './event-loop.ts';
import { createRandom, mixSeeds } from './random.ts';

describe('event heap', () => {
  it('pops in time order and, at equal times, in the order of pushing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), (times) => {
        const heap = createEventHeap<number>();
        for (const [i, timeS] of times.entries()) heap.push(timeS, i);
        const popped: number[] = [];
        for (let next = heap.pop(); next !== null; next = heap.pop()) popped.push(next.event);
        const expected = times
          .map((timeS, i) => ({ timeS, i }))
          .sort((a, b) => a.timeS - b.timeS || a.i - b.i)
          .map(({ i }) => i);
        expect(popped).toEqual(expected);
      }),
    );
  });
});

describe('event loop', () => {
  it('queues the events that a handler returns, and stops at the bound', () => {
    const seen: Array<[string, number]> = [];
    const tick = (event: string, nowS: number) => {
      seen.push([event, nowS]);
      return nowS < 3 ? [{ timeS: nowS + 1, event: 'tick' }] : [];
    };
    const initial = [{ timeS: 1, event: 'start' }];
    expect(runEvents({ initial, handle: tick, maxEvents: 10 })).toEqual({
      endS: 3,
      events: 3,
      complete: true,
    });
    expect(seen).toEqual([
      ['start', 1],
      ['tick', 2],
      ['tick', 3],
    ]);
    expect(runEvents({ initial, handle: tick, maxEvents: 2 }).complete).toBe(false);
  });

  it('refuses an event in the past or at no time', () => {
    for (const timeS of [0.5, Number.NaN]) {
      expect(() =>
        runEvents({
          initial: [{ timeS: 1, event: 'a' }],
          handle: () => [{ timeS, event: 'b' }],
          maxEvents: 10,
        }),
      ).toThrow(/before/);
    }
  });
});

describe('random', () => {
  it('repeats for a seed and differs between seeds', () => {
    const draw = (seed: number) => {
      const random = createRandom(seed);
      return Array.from({ length: 8 }, () => random.uint32());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(7)).not.toEqual(draw(7 + 2 ** 32));
  });

  it('has the moments of its distributions', () => {
    const random = createRandom(42);
    const count = 100_000;
    const moments = (draw: () => number) => {
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < count; i += 1) {
        const x = draw();
        sum += x;
        squares += x * x;
      }
      const mean = sum / count;
      return { mean, sd: Math.sqrt(squares / count - mean * mean) };
    };
    const uniform = moments(() => random.uniform());
    expect(uniform.mean).toBeCloseTo(0.5, 2);
    expect(uniform.sd).toBeCloseTo(Math.sqrt(1 / 12), 2);
    const normal = moments(() => random.normal());
    expect(normal.mean).toBeCloseTo(0, 1.5);
    expect(normal.sd).toBeCloseTo(1, 1.5);
    expect(moments(() => random.exponential(3)).mean / 3).toBeCloseTo(1, 1.5);
    const lognormal = moments(() => random.lognormal(200, 0.5));
    expect(lognormal.mean / 200).toBeCloseTo(1, 1.5);
    expect(lognormal.sd / 100).toBeCloseTo(1, 1);
  });

  it('mixes every bit of both words', () => {
    const seen = new Set<number>();
    for (let i = 0; i < 64; i += 1) for (let j = 0; j < 64; j += 1) seen.add(mixSeeds(i, j));
    expect(seen.size).toBe(4096);
  });
});
