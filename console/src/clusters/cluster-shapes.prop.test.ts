import fc from 'fast-check';
import { expect, it } from 'vitest';
import { STATE_ORDER, stripColumns } from './cluster-shapes.ts';

it('stacks the states of every known step to exactly one, and leaves unknown steps open', () => {
  const cards = fc.dictionary(
    fc.constantFrom(...STATE_ORDER),
    fc.double({ min: 0, max: 5_000, noNaN: true }),
  );
  const steps = fc.array(fc.record({ knownMs: fc.constantFrom(0, 1_000), cards }));
  fc.assert(
    fc.property(steps, (all) => {
      const columns = stripColumns(
        all.map((one, i) => ({ ...one, fromMs: i * 1_000, toMs: (i + 1) * 1_000 })),
      );
      for (const [i, { parts }] of columns.entries()) {
        const whole = Object.values(all[i]?.cards ?? {}).reduce((sum, one) => sum + one, 0);
        expect(parts === null).toBe(all[i]?.knownMs === 0 || whole === 0);
        if (parts === null) continue;
        expect(parts[0]?.fromShare).toBe(0);
        expect(parts.at(-1)?.toShare).toBeCloseTo(1, 9);
        for (const [j, part] of parts.entries()) {
          expect(part.fromShare).toBe(j === 0 ? 0 : parts[j - 1]?.toShare);
        }
      }
    }),
  );
});
