import type { EngineSlice } from './engine-slice.ts';
import type { Served } from './served-roofline.ts';

/** One engine's slices added up. Seconds are accelerator-seconds; means are over the time in which the engine was busy. */
export interface SliceTotals {
  accelerators: number;
  paidSeconds: number;
  /** Between the first and the last sample, without one. */
  gapSeconds: number;
  /** Not answering, while requests got replies: the exporter was away, not the engine. */
  silentSeconds: number;
  downSeconds: number;
  upSeconds: number;
  /** Up, and the engine said how busy it was. */
  measuredSeconds: number;
  busySeconds: number;
  runningWhileBusy: number | null;
  waitingWhileBusy: number | null;
  kvWhileBusy: number | null;
  batchLimit: number | null;
  energyWh: number | null;
  simulated: boolean;
  served: Served;
}

/** A slice whose samples fill less of it than this has a gap. */
const WHOLE = 0.98;

/**
 * Adds slices up; null when no slice knows how much accelerator time was paid for. The first and the last sampled slice may
 * be partly sampled because the engine came or the window ended: only what lies between is a gap.
 */
export function sliceTotals(
  slices: readonly EngineSlice[],
  count: number | null,
): SliceTotals | null {
  const sampled = slices.filter((one) => (one.use?.acceleratorSeconds ?? 0) > 0);
  const [first] = sampled;
  const last = sampled.at(-1);
  if (first === undefined || last === undefined || count === null) return null;
  const totals = emptyTotals(count);
  const whileBusy = { seconds: 0, running: 0, waiting: 0, kv: 0 };
  // Simulated time may run faster than the clock; the rate of what was sampled holds for the gaps.
  const perMs =
    sum(sampled, (one) => one.use?.acceleratorSeconds ?? 0) /
    sum(sampled, (one) => one.use?.sampledMs ?? 0);
  for (let atMs = first.window.fromMs; atMs <= last.window.fromMs;) {
    const slice = slices.find((one) => one.window.fromMs === atMs);
    const lengthMs = first.window.toMs - first.window.fromMs;
    const sampledMs = slice?.use?.sampledMs ?? 0;
    const isInner = atMs > first.window.fromMs && atMs < last.window.fromMs;
    if (isInner && sampledMs < WHOLE * lengthMs)
      totals.gapSeconds += (lengthMs - sampledMs) * perMs;
    if (slice !== undefined) addSlice(totals, whileBusy, slice);
    atMs += lengthMs;
  }
  totals.paidSeconds += totals.gapSeconds;
  if (whileBusy.seconds > 0) {
    totals.runningWhileBusy = whileBusy.running / whileBusy.seconds;
    totals.waitingWhileBusy = whileBusy.waiting / whileBusy.seconds;
    totals.kvWhileBusy = whileBusy.kv / whileBusy.seconds;
  }
  return totals;
}

const sum = <T>(all: readonly T[], of: (one: T) => number): number =>
  all.reduce((total, one) => total + of(one), 0);

const emptyTotals = (accelerators: number): SliceTotals => ({
  accelerators,
  paidSeconds: 0,
  gapSeconds: 0,
  silentSeconds: 0,
  downSeconds: 0,
  upSeconds: 0,
  measuredSeconds: 0,
  busySeconds: 0,
  runningWhileBusy: null,
  waitingWhileBusy: null,
  kvWhileBusy: null,
  batchLimit: null,
  energyWh: null,
  simulated: false,
  served: { requests: 0, tokensIn: 0, tokensCachedIn: 0, tokensOut: 0 },
});

function addSlice(
  totals: SliceTotals,
  whileBusy: { seconds: number; running: number; waiting: number; kv: number },
  { use, replies, served }: EngineSlice,
): void {
  for (const key of Object.keys(served) as Array<keyof Served>) totals.served[key] += served[key];
  const seconds = use?.acceleratorSeconds ?? 0;
  if (use === null || seconds <= 0 || use.sampledMs <= 0) return;
  const upSeconds = seconds * Math.min(1, use.upMs / use.sampledMs);
  totals.paidSeconds += seconds;
  totals.upSeconds += upSeconds;
  if (replies > 0) totals.silentSeconds += seconds - upSeconds;
  else totals.downSeconds += seconds - upSeconds;
  totals.simulated ||= use.simulated;
  totals.batchLimit = use.batchLimit ?? totals.batchLimit;
  if (use.energyWh !== null) totals.energyWh = (totals.energyWh ?? 0) + use.energyWh;
  if (use.busyShare === null) return;
  totals.measuredSeconds += upSeconds;
  totals.busySeconds += upSeconds * use.busyShare;
  // Means are over all of the time, and there is nothing of either while the engine idles.
  whileBusy.seconds += seconds * use.busyShare;
  whileBusy.running += seconds * (use.runningMean ?? 0);
  whileBusy.waiting += seconds * (use.waitingMean ?? 0);
  whileBusy.kv += seconds * (use.kvUsageShare ?? 0);
}
