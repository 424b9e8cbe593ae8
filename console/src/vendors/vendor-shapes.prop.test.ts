import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatWeights, parseWeights } from './vendor-shapes.ts';

const weights = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,9}(\.[a-z]{1,5})?$/),
  fc.integer({ min: 0, max: 9 }),
);

test('weights come back from the address; what nobody can mean is left out', () => {
  fc.assert(
    fc.property(weights, (given) => {
      expect(parseWeights(formatWeights(given))).toEqual({ ...given });
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const weight of Object.values(parseWeights(text))) expect(weight).toBeLessThan(10);
    }),
  );
  expect(parseWeights('serving=3,,x,=4,data=-1')).toEqual({ serving: 3 });
});
