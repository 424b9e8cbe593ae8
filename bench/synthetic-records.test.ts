import { expect, it } from 'vitest';
import { requestRecord } from '../src/records/request-record.ts';
import { createSyntheticRecords } from './synthetic-records.ts';

const options = { seed: 7, fromMs: 1_800_000_000_000, stepMs: 10 };
const take = (n: number, seed = 7): ReturnType<ReturnType<typeof createSyntheticRecords>>[] => {
  const next = createSyntheticRecords({ ...options, seed });
  return Array.from({ length: n }, () => next());
};

it('makes valid records, the same for the same seed only', () => {
  const records = take(500);
  for (const one of records) expect(requestRecord.safeParse(one).error).toBeUndefined();
  expect(take(500)).toEqual(records);
  expect(take(500, 8)).not.toEqual(records);
});

it('gives ids of version 7 that are unique and carry the time', () => {
  const records = take(2000);
  expect(new Set(records.map(({ id }) => id)).size).toBe(2000);
  for (const { id, startedAtMs } of records) {
    expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(startedAtMs);
    expect(id[14]).toBe('7');
    expect('89ab').toContain(id[19]);
  }
});

it('spreads them as it says: rate, models, tenants with a long tail, a few failures', () => {
  const records = take(20_000);
  const lastMs = (records.at(-1)?.startedAtMs ?? 0) - options.fromMs;
  expect(Math.abs(lastMs / 200_000 - 1)).toBeLessThan(0.05);
  expect(new Set(records.map(({ modelAsked }) => modelAsked)).size).toBe(20);
  const ofFirst = records.filter(({ tenant }) => tenant === 'tenant-0').length;
  const ofSecond = records.filter(({ tenant }) => tenant === 'tenant-1').length;
  expect(ofFirst).toBeGreaterThan(1.4 * ofSecond);
  const failed = records.filter(({ outcome }) => outcome !== 'success').length;
  expect(Math.abs(failed / records.length - 0.02)).toBeLessThan(0.005);
});
