import type { WorkerStats } from './deps.ts';
import { mergeSnapshots } from './metrics-page.ts';
import type { WorkerMetricsSnapshot } from './worker-metrics.ts';

/**
 * Keeps the counters of workers that have died, so that the sums over workers never fall: Prometheus
 * would read a fall as a reset and count everything twice. What a worker counted after its last
 * observation is gone with it. Memory: one merged snapshot and one per live process.
 */
export interface WorkerHistory {
  /**
   * Takes in the current stats (null: they could not be asked, and nobody is taken for dead);
   * returns snapshots whose counters only ever grow when summed.
   */
  observe(stats: readonly WorkerStats[] | null): WorkerMetricsSnapshot[];
}

export function createWorkerHistory(): WorkerHistory {
  let last = new Map<string, WorkerMetricsSnapshot>();
  let retired: WorkerMetricsSnapshot | null = null;

  return {
    observe(stats) {
      if (stats === null)
        return retired === null ? [...last.values()] : [...last.values(), retired];
      const next = new Map<string, WorkerMetricsSnapshot>();
      for (const one of stats) {
        const key = `${one.worker} ${one.pid ?? 0} ${one.startedAtMs ?? 0}`;
        const metrics = one.metrics ?? last.get(key);
        if (metrics !== undefined && one.pid !== null) next.set(key, metrics);
      }
      for (const [key, gone] of last) {
        if (next.has(key)) continue;
        retired = mergeSnapshots(retired === null ? [counters(gone)] : [retired, counters(gone)]);
      }
      last = next;
      return retired === null ? [...next.values()] : [...next.values(), retired];
    },
  };
}

/** A dead process has no requests in flight and no memory, but it did use its CPU time. */
const counters = (snapshot: WorkerMetricsSnapshot): WorkerMetricsSnapshot => ({
  ...snapshot,
  inFlight: 0,
  queueDepth: 0,
  journalPendingBytes: 0,
  rssBytes: 0,
});
