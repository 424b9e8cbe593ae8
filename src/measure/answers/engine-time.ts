import type { EngineUse } from '../ledger/ledger.ts';
import type { ENGINE_TIME_CAUSES } from './answers.ts';

export type UtilizationCause = (typeof ENGINE_TIME_CAUSES)[number];

/** While it was busy, at least this many requests waited: less is the moment between two steps. */
const WAITING_MATTERS = 0.5;
const KV_FULL = 0.9;

export type TimeShares = Partial<Record<UtilizationCause, number>>;

/**
 * Splits the time an engine was paid for into causes; shares sum to 1. In this order:
 *
 * 1. `engine-down`: it did not answer.
 * 2. `unknown`: it answered, but how busy it was is not measured.
 * 3. `no-demand`: idle. An engine that has requests waiting does not idle, so nobody asked.
 * 4. Busy, with unused places in the batch. A step in the bandwidth-bound regime costs about the
 *    same for one request as for many, so an empty place is lost work. It is lost to `kv-full` if
 *    requests waited and KV memory was over 90 % used, to `queue-wait` if requests waited for
 *    another reason, else to `small-batch`.
 * 5. `busy`: the rest, the useful part. Where the batch is not measured all busy time counts here.
 */
export function timeShares(use: EngineUse): TimeShares {
  if (use.sampledMs <= 0) return { unknown: 1 };
  const up = Math.min(1, use.upMs / use.sampledMs);
  if (use.busyShare === null) return dropZeros({ 'engine-down': 1 - up, unknown: up });
  const busy = up * use.busyShare;
  const occupancy = batchOccupancy(use) ?? 1;
  const unused = busy * (1 - occupancy);
  return dropZeros({
    'engine-down': 1 - up,
    'no-demand': up - busy,
    [unusedCause(use)]: unused,
    busy: busy - unused,
  });
}

/**
 * Share of the batch's places that were taken while the engine was busy, 0..1: running requests are
 * a mean over the whole time, and they run only while the engine is busy.
 */
export function batchOccupancy(use: EngineUse): number | null {
  const { runningMean, batchLimit, busyShare } = use;
  if (runningMean === null || batchLimit === null || batchLimit <= 0) return null;
  if (busyShare === null || busyShare <= 0) return null;
  return Math.min(1, runningMean / (busyShare * batchLimit));
}

/** Waiting requests and KV memory too are means over idle time, in which there are none of either. */
function unusedCause(use: EngineUse): UtilizationCause {
  const whileBusy = (mean: number | null): number =>
    use.busyShare === null || use.busyShare <= 0 ? 0 : (mean ?? 0) / use.busyShare;
  if (whileBusy(use.waitingMean) < WAITING_MATTERS) return 'small-batch';
  return whileBusy(use.kvUsageShare) > KV_FULL ? 'kv-full' : 'queue-wait';
}

function dropZeros(shares: TimeShares): TimeShares {
  return Object.fromEntries(Object.entries(shares).filter(([, share]) => share > 0));
}
