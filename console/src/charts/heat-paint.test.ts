import { expect, test } from 'vitest';
import { colourAt, intensity } from './heat-paint.ts';

test('the ramp goes through its stops and stays within its ends', () => {
  const ramp = ['#000000', '#0000ff', '#ffffff'];
  expect(colourAt(ramp, 0)).toBe('rgb(0 0 0)');
  expect(colourAt(ramp, 0.5)).toBe('rgb(0 0 255)');
  expect(colourAt(ramp, 0.25)).toBe('rgb(0 0 128)');
  expect(colourAt(ramp, 1)).toBe('rgb(255 255 255)');
  expect(colourAt(ramp, 7)).toBe('rgb(255 255 255)');
});

test('one request among thousands is still seen', () => {
  expect(intensity(1, 10_000)).toBeCloseTo(0.01);
  expect(intensity(10_000, 10_000)).toBe(1);
});
