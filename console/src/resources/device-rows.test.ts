import { expect, test } from 'vitest';
import { deviceRows, maxOf, meanOf, subjectName, type ResourceSeries } from './device-rows.ts';

const subject = (id: string) =>
  ({ kind: 'accelerator', id, node: 'a', index: id, model: 'H100' }) as const;

const series = (
  id: string,
  metric: string,
  points: Array<[mean: number, knownMs: number]>,
): ResourceSeries => ({
  subject: subject(id),
  metric,
  unit: 'share',
  source: 's',
  others: [],
  basis: 'measured',
  knownShare: 1,
  points: points.map(([mean, knownMs], index) => ({
    fromMs: index * 60_000,
    toMs: (index + 1) * 60_000,
    knownMs,
    mean,
    min: mean,
    max: mean,
  })),
});

test('series gather under their subject; means weigh by known time', () => {
  const rows = deviceRows([
    series('0', 'powerW', [
      [100, 60_000],
      [400, 20_000],
    ]),
    series('1', 'powerW', [[50, 1]]),
    series('0', 'smActiveShare', []),
  ]);
  expect(rows.map((row) => subjectName(row.subject))).toEqual(['a / 0', 'a / 1']);
  const [first] = rows;
  if (first === undefined) throw new Error('no row');
  expect(meanOf(first, 'powerW')).toBe(175);
  expect(maxOf(first, 'powerW')).toBe(400);
});

test('what was never read is unknown, not zero', () => {
  const [row] = deviceRows([series('0', 'smActiveShare', [])]);
  if (row === undefined) throw new Error('no row');
  expect(meanOf(row, 'smActiveShare')).toBeNull();
  expect(meanOf(row, 'powerW')).toBeNull();
  expect(maxOf(row, 'powerW')).toBeNull();
});

test('a device without node and index goes by its identity', () => {
  expect(subjectName({ ...subject('GPU-1'), node: null })).toBe('GPU-1');
});
