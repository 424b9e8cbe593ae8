import { expect, test } from 'vitest';
import { excessOf, type JobSteps } from './straggler-excess.ts';

const data: JobSteps = {
  ranks: [0, 1],
  steps: [7, 8],
  workMs: [
    [100, null],
    [125, 200],
  ],
  commMs: [
    [30, null],
    [0, 400],
  ],
  medianWorkMs: [100, 200],
  slowest: [],
};

test('cells are as dark as their work is beyond the median of the step', () => {
  expect(excessOf(data, 'work', 0, 0)).toEqual({ ms: 100, excess: 0, shade: 0 });
  expect(excessOf(data, 'work', 0, 1)).toEqual({ ms: 125, excess: 0.25, shade: 0.5 });
  expect(excessOf(data, 'comm', 1, 1)).toEqual({ ms: 400, excess: null, shade: 1 });
});

test('a step that a rank did not record is unknown', () => {
  expect(excessOf(data, 'work', 1, 0)).toBeNull();
  expect(excessOf(data, 'work', 5, 5)).toBeNull();
});
