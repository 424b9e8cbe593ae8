import { expect, test } from 'vitest';
import type { SeriesStep } from '../api/types.ts';
import { isolated, lineData, lineRange, newest } from './line-data.ts';

const makeStep = (slot: number, p50Ms: number | null): SeriesStep => {
  const values = { count: 1, p50Ms, p95Ms: p50Ms, p99Ms: p50Ms };
  return {
    fromMs: slot * 60_000,
    toMs: (slot + 1) * 60_000,
    requests: 1,
    failed: 0,
    ttft: values,
    tpot: values,
    e2e: values,
    heat: [],
    usageUsd: null,
    usageUnknownRequests: 0,
  };
};

test('steps sit at their middle, and a missing step is a gap', () => {
  const data = lineData([makeStep(0, 5), makeStep(1, 6), makeStep(4, 7)], 60_000, 'e2e');
  expect(data[0]).toEqual([30, 90, 150, 270]);
  expect(data[1]).toEqual([5, 6, null, 7]);
  expect(newest(data)).toBe(3);
});

test('unknown and zero are gaps', () => {
  const data = lineData([makeStep(0, null), makeStep(1, 0)], 60_000, 'ttft');
  expect(data[2]).toEqual([null, null]);
  expect(newest(data)).toBeNull();
});

test('the range holds lines and targets', () => {
  const data = lineData([makeStep(0, 100)], 60_000, 'e2e');
  expect(lineRange(data, [1000])).toEqual([100 / 1.3, 1300]);
  expect(lineRange([[], [], [], []], [])).toEqual([1, 1000]);
});

test('a value between two gaps is alone, one beside another is not', () => {
  expect(isolated([5, null, 1, 2, null, 3])).toEqual([0, 5]);
  expect(isolated([null, 4, null])).toEqual([1]);
  expect(isolated([])).toEqual([]);
});
