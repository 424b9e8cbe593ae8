import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RouteLimiter, type Admission } from './route-limiter.ts';

const step = fc.oneof(
  fc.constant({ do: 'enter' as const }),
  fc.constant({ do: 'release' as const }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 80 }) }),
  fc.record({ do: fc.constant('give-up' as const), which: fc.nat(20) }),
);

test('never over its limits, first come first served, every wait ends', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 5 }),
      fc.array(step, { maxLength: 120 }),
      async (maxInFlight, maxQueue, steps) => {
        const limiter = new RouteLimiter({ maxInFlight, maxQueue, queueTimeoutMs: 50 });
        const ends = new Map<number, Admission>();
        const giveUps: Array<() => void> = [];
        let asked = 0;
        let held = 0;
        let nowMs = 0;
        const admittedOrder: number[] = [];
        for (const one of steps) {
          if (one.do === 'enter') {
            const id = asked;
            asked += 1;
            void limiter
              .enter(nowMs, (giveUp) => giveUps.push(giveUp))
              .then((end) => {
                ends.set(id, end);
                if (end === 'admitted') {
                  admittedOrder.push(id);
                  held += 1;
                }
              });
          } else if (one.do === 'release' && held > 0) {
            held -= 1;
            limiter.release();
          } else if (one.do === 'pass') {
            nowMs += one.ms;
            limiter.sweep(nowMs);
          } else if (one.do === 'give-up') giveUps[one.which]?.();
          await Promise.resolve();
          await Promise.resolve();
          expect(limiter.inFlight).toBeLessThanOrEqual(maxInFlight);
          expect(limiter.waiting).toBeLessThanOrEqual(maxQueue);
          expect(limiter.inFlight).toBe(held);
          // A free place and a waiter never stand side by side.
          if (limiter.waiting > 0) expect(limiter.inFlight).toBe(maxInFlight);
        }
        limiter.sweep(nowMs + 1_000);
        await Promise.resolve();
        await Promise.resolve();
        expect(ends.size).toBe(asked);
        expect(limiter.waiting).toBe(0);
        expect(admittedOrder).toEqual(admittedOrder.toSorted((a, b) => a - b));
      },
    ),
  );
});
