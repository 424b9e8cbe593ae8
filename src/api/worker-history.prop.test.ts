import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WorkerStats } from './deps.ts';
import { mergeSnapshots } from './metrics-page.ts';
import { testingRecord } from '../records/testing-record.ts';
import { createWorkerHistory } from './worker-history.ts';
import { createWorkerMetrics, type WorkerMetrics } from './worker-metrics.ts';

const gauges = () => ({ inFlight: 1, queueDepth: 0, journalLost: 0, journalPendingBytes: 0 });
const start = (): WorkerMetrics =>
  createWorkerMetrics(gauges, () => ({ rssBytes: 1, cpuSeconds: 0 }));
const step = fc.constantFrom('serve', 'restart', 'silent', 'unasked', 'down');

test('summed counters never fall and count everything that was seen, whatever dies', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(1), step), { maxLength: 40 }), (steps) => {
      const history = createWorkerHistory();
      const slots = [0, 1].map((n) => ({
        name: `worker-${n}`,
        pid: n + 1,
        up: true,
        metrics: start(),
      }));
      let served = 0;
      let pid = 10;
      const observe = (silent = false): number => {
        const stats = slots.map((slot): WorkerStats => ({
          worker: slot.name,
          pid: slot.up ? slot.pid : null,
          up: slot.up,
          startedAtMs: slot.pid,
          restarts: 0,
          metrics: silent || !slot.up ? null : slot.metrics.snapshot(),
        }));
        const merged = mergeSnapshots(history.observe(stats));
        return merged.requests.reduce((sum, one) => sum + one.count, 0);
      };
      for (const [at, what] of steps) {
        const slot = slots[at];
        if (slot === undefined) continue;
        if (what === 'serve' && slot.up) {
          slot.metrics.requestSettled(testingRecord());
          served += 1;
        }
        if (what === 'down') slot.up = false;
        if (what === 'restart') {
          pid += 1;
          Object.assign(slot, { pid, up: true, metrics: start() });
        }
        if (what === 'unasked') {
          const merged = mergeSnapshots(history.observe(null));
          expect(merged.requests.reduce((sum, one) => sum + one.count, 0)).toBe(served);
        }
        expect(observe(what === 'silent')).toBe(served);
      }
    }),
  );
});

test('the gauges of the dead are not kept', () => {
  const history = createWorkerHistory();
  const metrics = start();
  const stats = { worker: 'w', pid: 1, up: true, startedAtMs: 1, restarts: 0 };
  history.observe([{ ...stats, metrics: metrics.snapshot() }]);
  expect(mergeSnapshots(history.observe([]))).toMatchObject({ inFlight: 0, rssBytes: 0 });
});
