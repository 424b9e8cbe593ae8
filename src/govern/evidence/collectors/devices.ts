import type { Window } from '../../../measure/ledger/ledger.ts';
import type { ResourceMetric } from '../../../records/resource-sample.ts';
import type { ResourceFact } from '../evidence-sources.ts';
import type { Facts } from '../facts.ts';

const HOUR_MS = 3_600_000;

/**
 * A simulated engine tells of its accelerators as an exporter would, under ids that begin so
 * (plan/live/devices/device-page.ts). They are no devices of anybody: the engine itself stands for them.
 */
const SIMULATED_ID = 'SIM-';

/** Series of the real accelerators that exporters told of; empty where nothing is taken in. */
export function deviceSeries(
  facts: Facts,
  window: Window,
  metrics: readonly ResourceMetric[],
): readonly ResourceFact[] {
  const answer = facts.sources.resources?.({
    sinceMs: window.fromMs,
    untilMs: window.toMs,
    kind: 'accelerator',
    metrics,
    stepMs: HOUR_MS,
  });
  return (answer?.series ?? []).filter(({ subject }) => !subject.id.startsWith(SIMULATED_ID));
}

/** Metrics that show that a device is watched at all. */
const SIGNS = ['kernelShare', 'smActiveShare', 'powerW', 'energyRateW'] as const;

/** For each device the best known share of the window, over the metrics. */
export function knownShares(series: readonly ResourceFact[]): Map<string, number> {
  const shares = new Map<string, number>();
  for (const { subject, knownShare } of series) {
    shares.set(subject.id, Math.max(shares.get(subject.id) ?? 0, knownShare));
  }
  return shares;
}

/** How well each device was watched. */
export const watchedDevices = (facts: Facts, window: Window): Map<string, number> =>
  knownShares(deviceSeries(facts, window, SIGNS));

/** Devices seen in the window; null where no exporter tells of any. */
export function deviceCount(facts: Facts, window: Window): number | null {
  const { size } = watchedDevices(facts, window);
  return size === 0 ? null : size;
}

/** Mean of a metric over devices and time, by the time in which it is known; null when it never is. */
export function meanOf(series: readonly ResourceFact[]): number | null {
  let sum = 0;
  let knownMs = 0;
  for (const point of series.flatMap((one) => one.points)) {
    sum += point.mean * point.knownMs;
    knownMs += point.knownMs;
  }
  return knownMs > 0 ? sum / knownMs : null;
}
