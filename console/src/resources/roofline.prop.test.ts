import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roofAt, rooflinePlace } from './roofline.ts';

const share = fc.double({ min: 1e-6, max: 1, noNaN: true });

test('no device stands above its roof', () => {
  fc.assert(
    fc.property(share, share, (tensor, dram) => {
      const place = rooflinePlace(tensor, dram);
      expect(place?.performance).toBeLessThanOrEqual(roofAt(place?.intensity ?? 0) * (1 + 1e-9));
    }),
  );
});

test('words for the corners; unknown and zero have no place', () => {
  expect(rooflinePlace(0.1, 0.9)?.bound).toBe('memory');
  expect(rooflinePlace(0.8, 0.3)?.bound).toBe('compute');
  expect(rooflinePlace(0.1, 0.2)?.bound).toBe('neither');
  expect(rooflinePlace(null, 0.2)).toBeNull();
  expect(rooflinePlace(0, 0.2)).toBeNull();
});
