import fc from 'fast-check';
import { expect, test } from 'vitest';
import { icicleCells } from './icicle-cells.ts';
import { GROUPS, type Leaf } from './why-shapes.ts';

const leaf = fc
  .record({
    group: fc.constantFrom(...GROUPS.map((one) => one.id)),
    weight: fc.integer({ min: 0, max: 100 }),
    usd: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
  })
  .map(({ group, weight, usd }): Leaf & { weight: number } => ({
    group,
    cause: 'network',
    share: 0,
    acceleratorHours: weight,
    usd,
    energyWh: null,
    confidence: 'high',
    evidence: [],
    weight,
  }));

const leaves = fc.array(leaf, { minLength: 1, maxLength: 12 }).map((all) => {
  const total = all.reduce((sum, one) => sum + one.weight, 0);
  return all.map((one) => Object.assign(one, { share: total === 0 ? 0 : one.weight / total }));
});

test('each row of cells covers what the leaves cover, without overlap', () => {
  fc.assert(
    fc.property(leaves, (all) => {
      const cells = icicleCells(all);
      const whole = all.reduce((sum, one) => sum + one.share, 0);
      for (const depth of [1, 2]) {
        let reached = 0;
        for (const cell of cells.filter((one) => one.depth === depth)) {
          expect(cell.left).toBeCloseTo(reached, 9);
          reached += cell.width;
        }
        expect(reached).toBeCloseTo(whole, 9);
      }
    }),
  );
});

test('money of a part is unknown where that of a cause is', () => {
  fc.assert(
    fc.property(leaves, (all) => {
      for (const cell of icicleCells(all).filter((one) => one.depth === 1)) {
        const own = all.filter((one) => one.group === cell.group && one.share > 0);
        expect(cell.usd === null).toBe(own.some((one) => one.usd === null));
      }
    }),
  );
});
