import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ResourceSample } from '../../records/resource-sample.ts';
import { MinuteRoller, minuteMs } from './minute-roller.ts';

const base: ResourceSample = {
  source: 's',
  subject: { kind: 'host', id: 'n', node: 'n', index: null, model: null },
  metric: 'cpuIdleShare',
  part: '',
  combine: 'same',
  fromMs: 0,
  toMs: 0,
  value: 0,
  basis: 'measured',
};
/** Steps of time one after the other, some of them without a sample. */
const steps = fc.array(
  fc.record({
    lengthMs: fc.integer({ min: 1, max: 200_000 }),
    value: fc.nat(1000),
    isKnown: fc.boolean(),
  }),
  { minLength: 1, maxLength: 30 },
);

function samplesOf(all: ReadonlyArray<{ lengthMs: number; value: number; isKnown: boolean }>) {
  let atMs = 0;
  return all.flatMap(({ lengthMs, value, isKnown }) => {
    const one = { ...base, fromMs: atMs, toMs: atMs + lengthMs, value };
    atMs += lengthMs;
    return isKnown ? [one] : [];
  });
}

const total = (all: readonly number[]): number => all.reduce((sum, one) => sum + one, 0);

it('keeps known time and integral exactly, whatever the intervals, open or closed', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const samples = samplesOf(all);
      const roller = new MinuteRoller();
      for (const one of samples) roller.add(1, one);
      const open = roller.rows(1, { fromMs: 0, toMs: Infinity });
      const rows = roller.close(Infinity).map(([, row]) => row);
      expect(rows).toEqual(open);
      const lengthOf = ({ fromMs, toMs }: ResourceSample): number => toMs - fromMs;
      expect(total(rows.map(({ knownMs }) => knownMs))).toBe(total(samples.map(lengthOf)));
      const integral = total(samples.map((one) => lengthOf(one) * one.value));
      expect(total(rows.map(({ mean, knownMs }) => mean * knownMs))).toBeCloseTo(integral, 3);
      for (const { startMs, knownMs, mean, min, max } of rows) {
        expect(startMs % minuteMs).toBe(0);
        expect(knownMs).toBeLessThanOrEqual(minuteMs);
        expect(mean).toBeGreaterThanOrEqual(min - 1e-9);
        expect(mean).toBeLessThanOrEqual(max + 1e-9);
      }
    }),
  );
});

it('combines parts as their figure asks', () => {
  const of = (combine: ResourceSample['combine']): unknown => {
    const roller = new MinuteRoller();
    roller.add(1, { ...base, combine, part: 'a', toMs: minuteMs, value: 10 });
    roller.add(1, { ...base, combine, part: 'b', toMs: minuteMs / 2, value: 4 });
    const [row] = roller.rows(1, { fromMs: 0, toMs: minuteMs });
    return [row?.mean, row?.knownMs];
  };
  expect(of('same')).toEqual([10, minuteMs]);
  expect(of('sum')).toEqual([12, minuteMs]);
  expect(of('mean')).toEqual([8, minuteMs]);
});

it('counts what comes after its minute was closed', () => {
  const roller = new MinuteRoller();
  roller.close(2 * minuteMs);
  roller.add(1, { ...base, fromMs: minuteMs, toMs: 3 * minuteMs, value: 1 });
  expect(roller.late).toBe(1);
  expect(roller.rows(1, { fromMs: 0, toMs: Infinity })).toHaveLength(1);
});
