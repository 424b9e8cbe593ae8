import type { ClusterConfig, Config } from '../config/schema.ts';
import { acceleratorHourUsd } from '../measure/cost/accelerator-hour.ts';
import type { KubeAccessIo } from '../measure/sources/schedulers/kube-access.ts';
import {
  openLiveCluster,
  type LiveCluster,
} from '../measure/sources/schedulers/read-live-cluster.ts';
import { ACTIVITY_METRICS, podActivity } from '../measure/telemetry/pod-activity.ts';
import type { Telemetry } from '../measure/telemetry/telemetry.ts';
import { findWaste } from '../plan/cluster-replay/live/find-waste.ts';
import { lookAtCluster } from '../plan/cluster-replay/live/look-at-cluster.ts';
import type { ClusterState } from '../plan/cluster-replay/live/cluster-state.ts';
import { waitersOf } from '../plan/cluster-replay/live/waiters.ts';
import type { Clock } from '../records/clock.ts';
import type { Log } from '../serve/log.ts';

/** Longest wait after failures; each doubles the interval. */
const MAX_WAIT_MS = 600_000;
/** How far back counters tell what a pod's accelerators do. */
const ACTIVITY_MS = 900_000;

interface Running {
  config: ClusterConfig;
  live: LiveCluster;
  state: ClusterState;
  timer: NodeJS.Timeout | null;
  failures: number;
  isStopped: boolean;
}

/**
 * Looks at every configured cluster in its interval, keeps the newest state and hands each look to the telemetry. A look
 * that fails is tried again later and later; one slow cluster delays only itself.
 */
export function runClusterLoop(
  telemetry: Telemetry,
  clock: Clock,
  log: Log,
  io: KubeAccessIo,
): { update(config: Config): void; states(): ClusterState[]; stop(): void } {
  const running = new Map<string, Running>();

  const look = async (one: Running): Promise<void> => {
    const startMs = clock.monoMs();
    const nowMs = clock.wallMs();
    const { name, intervalMs, cost } = one.config;
    const read = await one.live.read(nowMs);
    if (one.isStopped) return;
    const before = one.state.lastError?.message ?? null;
    if (read.ok) {
      const usd = cost === undefined ? null : acceleratorHourUsd(cost);
      const activity = activityOf(telemetry, nowMs);
      const check = findWaste(read.value, activity, usd);
      const seen = lookAtCluster(read.value, activity);
      telemetry.addClusterLook(name, seen, intervalMs);
      one.failures = 0;
      const waiters = waitersOf(read.value);
      const found = { check, look: seen, waiters };
      one.state = { ...one.state, ...found, up: true, lastReadMs: nowMs, lastError: null };
      if (before !== null) log.info('cluster is read again', { cluster: name });
    } else {
      one.failures += 1;
      const { code, message } = read.error;
      one.state = { ...one.state, up: false, lastError: { code, message, atMs: nowMs } };
      if (before !== message) log.warn('cluster cannot be read', { cluster: name, error: message });
    }
    const everyMs = Math.min(Math.max(MAX_WAIT_MS, intervalMs), intervalMs * 2 ** one.failures);
    const restMs = Math.max(intervalMs / 10, everyMs - (clock.monoMs() - startMs));
    one.timer = setTimeout(() => void look(one), restMs);
  };

  const stop = (one: Running): void => {
    one.isStopped = true;
    if (one.timer !== null) clearTimeout(one.timer);
    void one.live.close();
  };

  return {
    update(config) {
      const wanted = new Map(config.clusters.map((one) => [one.name, one]));
      for (const [name, one] of running) {
        if (JSON.stringify(wanted.get(name)) === JSON.stringify(one.config)) continue;
        stop(one);
        running.delete(name);
        telemetry.endCluster(name);
      }
      for (const [name, cluster] of wanted) {
        if (running.has(name)) continue;
        const one: Running = {
          config: cluster,
          live: openLiveCluster(cluster, io),
          state: unseen(cluster),
          timer: null,
          failures: 0,
          isStopped: false,
        };
        running.set(name, one);
        void look(one);
      }
    },
    states: () => [...running.values()].map(({ state }) => state),
    stop() {
      for (const one of running.values()) stop(one);
      running.clear();
    },
  };
}

const unseen = ({ name, kind, intervalMs, cost }: ClusterConfig): ClusterState => ({
  name,
  kind,
  intervalMs,
  usdPerCardHour: cost === undefined ? null : acceleratorHourUsd(cost),
  up: false,
  lastReadMs: null,
  lastError: null,
  check: null,
  look: null,
  waiters: [],
});

/** What pods' accelerators did lately; null where no counter tells it. */
function activityOf(telemetry: Telemetry, nowMs: number): Map<string, number> | null {
  try {
    return podActivity(
      telemetry.resources({
        sinceMs: nowMs - ACTIVITY_MS,
        untilMs: nowMs,
        kind: 'accelerator',
        metrics: ACTIVITY_METRICS,
        stepMs: ACTIVITY_MS,
      }),
    );
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
