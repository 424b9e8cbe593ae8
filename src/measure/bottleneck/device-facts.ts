import type { Basis } from '../../records/basis.ts';
import { weakestBasis } from '../../records/basis.ts';
import type { ResourceMetric } from '../../records/resource-sample.ts';
import type {
  ResourceAnswer,
  ResourcePoint,
  ResourceSeries,
} from '../telemetry/read-resource-samples.ts';

/** Less of the window than this is worth saying. */
const WHOLE = 0.98;

/** What of the devices is not known, for the leaf of what is unexplained. */
export function deviceNotes(devices: DeviceFacts | null): string[] {
  if (devices === null) return [];
  const { knownShare, silent } = devices;
  const some = silent.slice(0, 3).join(', ');
  return [
    ...(knownShare < WHOLE
      ? [
          `counters of its devices are known for ${(knownShare * 100).toFixed(0)} % of the time; means stand for the rest`,
        ]
      : []),
    ...(silent.length === 0 ? [] : [`${silent.length} of its devices are silent: ${some}`]),
  ];
}

/** Counters that the account reads; nothing else is asked of the telemetry. */
export const DEVICE_METRICS = [
  'kernelShare',
  'graphicsActiveShare',
  'smActiveShare',
  'smOccupancyShare',
  'tensorActiveShare',
  'dramActiveShare',
  'powerW',
  'energyRateW',
  'powerLimitW',
  'smClockMhz',
  'throttledPowerShare',
  'throttledHeatShare',
] as const satisfies readonly ResourceMetric[];

/**
 * What counters say of a set of accelerators over a window: means over the time in which each is known. Definitions are
 * DCGM's (docs/sources.md): SM active is cycles with a warp resident over all SMs, tensor active cycles of the tensor
 * pipe, DRAM active cycles of the memory interface. Null: no device told.
 */
export interface DeviceFacts {
  devices: number;
  /** Share of devices and window in which any counter was read. */
  knownShare: number;
  /** Devices heard of within a day before the window, and not in it. */
  silent: string[];
  basis: Basis;
  /** Time in which anything ran. */
  activeShare: number | null;
  smActive: number | null;
  smOccupancy: number | null;
  tensorActive: number | null;
  dramActive: number | null;
  powerW: number | null;
  powerLimitW: number | null;
  throttle: ThrottleFacts | null;
}

/** How far clocks were held down while a limit was in force. */
export interface ThrottleFacts {
  powerShare: number;
  heatShare: number;
  /** Share of clock cycles lost to it: throttled time x (1 - clock / highest clock seen). Null without clocks. */
  lostShare: number | null;
  clockMhz: number | null;
  fullClockMhz: number | null;
  /** When more than a tenth of the time was throttled, by minute: to compare steps with steps. */
  throttledAt(atMs: number): boolean | null;
}

/**
 * Facts of the devices that `names` name: a UUID (its partitions too), `node/index` or a node. `reference` may reach back
 * further than `answer`: the highest clock in it counts as full. Null when no counter of them was read or missed.
 */
export function deviceFacts(
  names: readonly string[],
  answer: ResourceAnswer,
  reference: ResourceAnswer,
): DeviceFacts | null {
  const isOurs = ({ subject }: Pick<ResourceSeries, 'subject'>): boolean =>
    subject.kind === 'accelerator' &&
    names.some(
      (name) => subject.id === name || subject.id.startsWith(`${name}/`) || subject.node === name,
    );
  const series = answer.series.filter(isOurs);
  const silent = answer.silent.filter(isOurs).map(({ subject }) => subject.id);
  if (series.length === 0 && silent.length === 0) return null;
  const of = (metric: ResourceMetric): ResourceSeries[] =>
    series.filter((one) => one.metric === metric);
  const mean = (...metrics: ResourceMetric[]): number | null => {
    for (const metric of metrics) {
      const known = meanOf(of(metric).flatMap(({ points }) => points));
      if (known !== null) return known;
    }
    return null;
  };
  const ids = new Set(series.map(({ subject }) => subject.id));
  return {
    devices: ids.size + silent.length,
    knownShare: knownShareOf(series, ids.size + silent.length),
    silent,
    basis: weakestBasis(series.map((one) => one.basis)),
    activeShare: mean('graphicsActiveShare', 'kernelShare'),
    smActive: mean('smActiveShare'),
    smOccupancy: mean('smOccupancyShare'),
    tensorActive: mean('tensorActiveShare'),
    dramActive: mean('dramActiveShare'),
    powerW: mean('energyRateW', 'powerW'),
    powerLimitW: mean('powerLimitW'),
    throttle: throttleOf(series, reference.series.filter(isOurs)),
  };
}

function meanOf(points: readonly ResourcePoint[]): number | null {
  const knownMs = points.reduce((sum, one) => sum + one.knownMs, 0);
  if (knownMs <= 0) return null;
  return points.reduce((sum, one) => sum + one.mean * one.knownMs, 0) / knownMs;
}

function knownShareOf(series: readonly ResourceSeries[], devices: number): number {
  const best = new Map<string, number>();
  for (const { subject, knownShare } of series) {
    best.set(subject.id, Math.max(best.get(subject.id) ?? 0, knownShare));
  }
  return devices === 0 ? 0 : [...best.values()].reduce((a, b) => a + b, 0) / devices;
}

/** Throttled for less of a step than this, a step counts as not held down. */
const THROTTLED_FROM = 0.1;

function throttleOf(
  series: readonly ResourceSeries[],
  reference: readonly ResourceSeries[],
): ThrottleFacts | null {
  const pointsOf = (metric: ResourceMetric): ResourcePoint[] =>
    series.filter((one) => one.metric === metric).flatMap(({ points }) => points);
  const power = meanOf(pointsOf('throttledPowerShare'));
  const heat = meanOf(pointsOf('throttledHeatShare'));
  if (power === null && heat === null) return null;
  const clocks = reference.filter((one) => one.metric === 'smClockMhz');
  const fullClockMhz = Math.max(0, ...clocks.flatMap(({ points }) => points.map((p) => p.max)));
  return {
    powerShare: power ?? 0,
    heatShare: heat ?? 0,
    clockMhz: meanOf(pointsOf('smClockMhz')),
    fullClockMhz: fullClockMhz > 0 ? fullClockMhz : null,
    lostShare: fullClockMhz > 0 ? lostClockShare(series, fullClockMhz) : null,
    throttledAt: throttledAt(reference),
  };
}

/** Joined by device and step, since a clock is also low because nothing runs. */
function lostClockShare(series: readonly ResourceSeries[], fullClockMhz: number): number | null {
  let lost = 0;
  let knownMs = 0;
  for (const clock of series.filter((one) => one.metric === 'smClockMhz')) {
    for (const point of clock.points) {
      const share = sumAt(series, clock.subject.id, point.fromMs);
      if (share === null) continue;
      const slower = Math.max(0, 1 - point.mean / fullClockMhz);
      lost += point.knownMs * Math.min(share, slower);
      knownMs += point.knownMs;
    }
  }
  return knownMs > 0 ? lost / knownMs : null;
}

/** Share of a step in which a device was throttled by power or heat; null where neither is known. */
function sumAt(series: readonly ResourceSeries[], id: string, fromMs: number): number | null {
  const found = series
    .filter(
      ({ subject, metric }) =>
        subject.id === id && (metric === 'throttledPowerShare' || metric === 'throttledHeatShare'),
    )
    .flatMap(({ points }) => points.find((one) => one.fromMs === fromMs) ?? []);
  return found.length === 0
    ? null
    : Math.min(
        1,
        found.reduce((sum, one) => sum + one.mean, 0),
      );
}

function throttledAt(series: readonly ResourceSeries[]): (atMs: number) => boolean | null {
  const throttles = series.filter(
    ({ metric }) => metric === 'throttledPowerShare' || metric === 'throttledHeatShare',
  );
  return (atMs) => {
    const here = throttles.flatMap(
      ({ points }) => points.find((one) => atMs >= one.fromMs && atMs < one.toMs) ?? [],
    );
    return here.length === 0 ? null : here.some((one) => one.mean > THROTTLED_FROM);
  };
}
