import fc from 'fast-check';
import { expect, test } from 'vitest';
import { networkReports, storageReport, type ProbeRun } from './report-shapes.ts';

const run = (kind: ProbeRun['kind'], report: Record<string, unknown>): ProbeRun => ({
  kind,
  atMs: 0,
  machine: { hostname: 'a', platform: 'p', kernel: 'k', cpu: 'c', cores: 1, memoryBytes: 1 },
  settings: {},
  report,
  metrics: [],
  previousAtMs: null,
  comparisons: [],
});

const point = { accelerators: 4, au: 0.97, wallAu: 0.95, mbPerS: 1, samplesPerS: 2 };
const storage = {
  workload: 'unet3d',
  accelerator: 'h100',
  auThreshold: 0.9,
  feed: { fed: 4, atLeast: false, curve: [point] },
  lost: [{ accelerators: 4, lostShare: 0.05, usdPerDay: 12, basis: 'measured' }],
};

test('a storage report gives its curve; one count gives a point', () => {
  expect(storageReport(run('storage', storage))).toEqual({
    ...storage,
    feed: undefined,
    fed: 4,
    atLeast: false,
    curve: [{ accelerators: 4, au: 0.97, wallAu: 0.95 }],
  });
  const single = storageReport(run('storage', { ...storage, feed: null, result: point }));
  expect([single?.fed, single?.curve.length]).toEqual([null, 1]);
  expect(storageReport(run('host', storage))).toBeNull();
});

test('any report is read without a fault, and gives finite figures only', () => {
  const damaged = fc.oneof(
    fc.dictionary(fc.constantFrom('feed', 'auThreshold', 'lost', 'result', 'peers'), fc.anything()),
    fc.record({ auThreshold: fc.double(), feed: fc.record({ curve: fc.array(fc.anything()) }) }),
    fc.record({ peers: fc.array(fc.anything()) }),
  );
  fc.assert(
    fc.property(damaged, (report) => {
      const curve = storageReport(run('storage', report))?.curve ?? [];
      expect(curve.every((one) => Object.values(one).every(Number.isFinite))).toBe(true);
      for (const { byFlows } of networkReports(run('network', report))) {
        expect(byFlows.every((one) => Object.values(one).every(Number.isFinite))).toBe(true);
      }
    }),
  );
});
