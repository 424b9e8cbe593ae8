import type { Config, EngineConfig } from '../../../config/schema.ts';
import type { AccountDetail } from '../account-detail.ts';
import type { DeviceFacts } from '../device-facts.ts';
import type { TimeBook } from '../time-book.ts';
import { type ServedRoofline, servedRoofline } from './served-roofline.ts';
import type { SliceTotals } from './slice-totals.ts';

/** While it was busy, at least this many requests waited: less is the moment between two steps. */
const WAITING_MATTERS = 0.5;
const KV_FULL = 0.9;
/** Clocks of engine and device cut time differently; a gap below this is no finding. */
const HOST_MATTERS = 0.05;
const FULL_SM = 0.95;

interface BusyFacts {
  engine: EngineConfig;
  config: Config;
  devices: DeviceFacts | null;
  totals: SliceTotals;
  /** Accelerator-seconds in which a step ran. */
  busySeconds: number;
}

/**
 * Splits busy time of an engine in the documented order: host, throttled, KV cache full or small batch, useful, memory
 * bandwidth, low occupancy. Where the roofline is known, what a small batch costs is the part of busy time that the same tokens
 * would not have needed at the largest batch; else the part of the batch's places that were empty.
 */
export function splitBusy(
  book: TimeBook,
  facts: BusyFacts,
): { usefulSeconds: number | null; detail: AccountDetail } {
  const { devices, totals, busySeconds } = facts;
  let left = busySeconds;
  const take = (...ask: Parameters<TimeBook['take']>): void => {
    left -= book.take(ask[0], Math.min(ask[1], left), ask[2]);
  };
  const busyShare = totals.paidSeconds === 0 ? 0 : busySeconds / totals.paidSeconds;
  const perBusy = (share: number | null | undefined): number | null =>
    share === null || share === undefined || busyShare <= 0 ? null : Math.min(1, share / busyShare);
  const active = perBusy(devices?.activeShare);
  if (active !== null && active < 1 - HOST_MATTERS) {
    const evidence = `the engine ran steps ${percent(busyShare)} of the time, its devices kernels ${percent(active)} of that`;
    take('host-cpu', busySeconds * (1 - active), { confidence: 'medium', evidence });
  }
  take('throttled', busySeconds * throttledPart(devices), {
    confidence: 'medium',
    evidence: `clocks held down ${percent(devices?.throttle?.lostShare ?? 0)}, counted for the part of work that they bind`,
  });
  const roofline = rooflineOf(facts);
  takeBatch(take, facts, roofline, left);
  const usefulSeconds = roofline?.usefulSeconds ?? null;
  if (usefulSeconds !== null) {
    const evidence = `roofline time of ${totals.served.requests} replies at a batch of ${roofline?.largestBatch ?? 0}`;
    take('useful', usefulSeconds, { confidence: 'medium', evidence });
  } else if (totals.batchLimit !== null) {
    take('useful', left, { confidence: 'low', evidence: 'taken places of the batch, a stand-in' });
  }
  takeCounters(
    take,
    busySeconds,
    usefulSeconds ?? 0,
    perBusy(devices?.dramActive),
    perBusy(devices?.smActive),
  );
  if (left > 0) {
    book.unknown(
      `${percent(left / book.paidSeconds)} is busy time beyond the roofline that no counter explains`,
    );
  }
  return { usefulSeconds, detail: detailOf(facts, roofline) };
}

/** Clocks bind arithmetic; reading memory goes on at its own clock. */
function throttledPart(devices: DeviceFacts | null): number {
  const lost = devices?.throttle?.lostShare ?? 0;
  const tensor = devices?.tensorActive ?? null;
  const dram = devices?.dramActive ?? null;
  if (tensor === null || dram === null || tensor + dram <= 0) return lost;
  return lost * (tensor / (tensor + dram));
}

function rooflineOf({ engine, config, totals }: BusyFacts): ServedRoofline | null {
  const { hardware } = engine;
  if (hardware === undefined || totals.runningWhileBusy === null) return null;
  const replicas = Math.max(1, hardware.count / hardware.tensorParallel);
  const targets = config.services.flatMap(({ route, slo }) => {
    const uses = config.routes.find((one) => one.name === route)?.engines ?? [];
    return uses.some((one) => one.engine === engine.name) ? (slo.tpotMs?.p95 ?? []) : [];
  });
  return servedRoofline(hardware, totals.served, {
    batch: Math.max(1, totals.runningWhileBusy / replicas),
    tpotTargetMs: targets.length === 0 ? null : Math.min(...targets),
  });
}

function takeBatch(
  take: (...ask: Parameters<TimeBook['take']>) => void,
  { totals }: BusyFacts,
  roofline: ServedRoofline | null,
  left: number,
): void {
  const lost = lostToBatch(totals, roofline);
  if (lost === null) return;
  const isWaiting = (totals.waitingWhileBusy ?? 0) >= WAITING_MATTERS;
  const isFull = isWaiting && (totals.kvWhileBusy ?? 0) > KV_FULL;
  const mean = (totals.runningWhileBusy ?? 0).toFixed(1);
  const could =
    roofline === null ? `${totals.batchLimit ?? '?'} places` : `${roofline.largestBatch} would fit`;
  const waiting = isWaiting ? `; ${(totals.waitingWhileBusy ?? 0).toFixed(1)} wait meanwhile` : '';
  take(isFull ? 'kv-full' : 'small-batch', left * lost, {
    confidence: roofline === null ? 'low' : 'medium',
    evidence: `${mean} requests at once while busy, ${could}${waiting}`,
  });
}

/** Share of busy time that a full batch would have saved; null where neither roofline nor limit are known. */
function lostToBatch(totals: SliceTotals, roofline: ServedRoofline | null): number | null {
  if (roofline !== null) {
    const { usefulSeconds, atBatchSeconds } = roofline;
    return atBatchSeconds <= 0 ? null : Math.max(0, 1 - usefulSeconds / atBatchSeconds);
  }
  const { runningWhileBusy, batchLimit } = totals;
  if (runningWhileBusy === null || batchLimit === null || batchLimit <= 0) return null;
  return Math.max(0, 1 - runningWhileBusy / batchLimit);
}

function takeCounters(
  take: (...ask: Parameters<TimeBook['take']>) => void,
  busySeconds: number,
  usefulSeconds: number,
  dram: number | null,
  sm: number | null,
): void {
  if (dram !== null) {
    const evidence = `memory is busy ${percent(dram)} of busy time (DCGM), beyond what the roofline reads`;
    take('memory-bandwidth', busySeconds * dram - usefulSeconds, {
      confidence: 'medium',
      evidence,
    });
  }
  if (sm !== null && sm < FULL_SM) {
    const evidence = `SMs are active ${percent(sm)} of busy time (DCGM)`;
    take('low-occupancy', busySeconds * (1 - sm), { confidence: 'medium', evidence });
  }
}

function detailOf({ devices, totals }: BusyFacts, roofline: ServedRoofline | null): AccountDetail {
  const throttle = devices?.throttle ?? null;
  const isThrottled = throttle !== null && throttle.powerShare + throttle.heatShare > 0;
  const clockShare =
    throttle?.clockMhz == null || throttle.fullClockMhz === null
      ? null
      : throttle.clockMhz / throttle.fullClockMhz;
  return {
    ...(roofline === null
      ? {}
      : {
          batch: {
            mean: totals.runningWhileBusy ?? 0,
            could: roofline.largestBatch,
            limitedBy: roofline.limitedBy,
          },
        }),
    ...(isThrottled
      ? {
          throttle: {
            clockShare,
            powerW: devices?.powerW ?? null,
            powerLimitW: devices?.powerLimitW ?? null,
          },
        }
      : {}),
  };
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
