import fc from 'fast-check';
import { expect, test } from 'vitest';
import { priorityOf, schedule, type Task } from './schedule.ts';

const ROLES = ['platform', 'serving', 'data'];

/** Tasks whose needs point backwards, so that there is no circle, in any order. */
const tasks: fc.Arbitrary<Task[]> = fc
  .array(
    fc.record({
      role: fc.constantFrom(...ROLES),
      effortDays: fc.integer({ min: 1, max: 20 }),
      points: fc.double({ min: 0.01, max: 1, noNaN: true }),
      exposedUsd: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
      back: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }),
      isLater: fc.boolean(),
      isBlocked: fc.boolean(),
    }),
    { maxLength: 25 },
  )
  .chain((all) => {
    const made = all.map(({ back, ...one }, i) => ({
      id: `t${i}`,
      needs: back.filter((by) => i - by >= 0).map((by) => `t${i - by}`),
      ...one,
    }));
    return fc.shuffledSubarray(made, { minLength: made.length, maxLength: made.length });
  });

test('every task has a place, after all that it needs, and a role does one thing at a time', () => {
  fc.assert(
    fc.property(tasks, (all) => {
      const slots = schedule(all);
      expect(slots.size).toBe(all.length);
      for (const task of all) {
        const slot = slots.get(task.id);
        for (const need of task.needs) {
          expect(slots.get(need)?.dueDay).toBeLessThanOrEqual(slot?.startDay ?? -1);
        }
      }
      for (const role of ROLES) {
        const mine = all
          .filter((one) => one.role === role && !one.isBlocked)
          .map((one) => slots.get(one.id))
          .toSorted((a, b) => (a?.startDay ?? 0) - (b?.startDay ?? 0));
        mine.slice(1).forEach((slot, i) => {
          expect(slot?.startDay).toBeGreaterThanOrEqual(mine[i]?.dueDay ?? 0);
        });
      }
    }),
  );
});

test('without needs the order is (points x spend) / effort, and does not depend on the order given', () => {
  fc.assert(
    fc.property(tasks, (all) => {
      const free = all.map((one) => Object.assign({}, one, { needs: [] }));
      const order = [...schedule(free).keys()];
      const known = order
        .map((id) => priorityOf(free.find((one) => one.id === id) ?? expect.fail(id)))
        .filter((priority) => priority !== null);
      expect(known).toEqual(known.toSorted((a, b) => b - a));
      expect([...schedule(free.toReversed()).keys()]).toEqual(order);
    }),
  );
});
