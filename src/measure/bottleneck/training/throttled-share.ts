import type { DeviceFacts } from '../device-facts.ts';
import { type RankStep } from './rank-timeline.ts';

const LEAST_STEPS = 20;

export const computeMsOf = ({ phaseMs }: RankStep): number =>
  phaseMs.forward + phaseMs.backward + phaseMs.optimizer;

/**
 * Share of computing that throttling cost. Where the log holds steps of the same job from times without throttling, their
 * median against the throttled ones: a measurement. Else by clocks: work that is bound by them takes full / actual
 * times as long, which is an upper bound for the rest. Null where no counter tells of throttling; 0 where there is none.
 */
export function throttledShare(
  devices: DeviceFacts | null,
  steps: { now: readonly RankStep[]; all: readonly RankStep[] },
): number | null {
  const throttle = devices?.throttle ?? null;
  if (throttle === null) return null;
  if (throttle.powerShare + throttle.heatShare <= 0) return 0;
  const isThrottled = (one: RankStep): boolean | null =>
    throttle.throttledAt((one.startMs + one.endMs) / 2);
  const free = steps.all.filter((one) => isThrottled(one) === false).map(computeMsOf);
  const held = steps.now.filter((one) => isThrottled(one) === true).map(computeMsOf);
  if (held.length === 0) return 0;
  if (free.length < LEAST_STEPS) return throttle.lostShare;
  const lostMs = Math.max(0, median(held) - median(free)) * held.length;
  const wholeMs = steps.now.reduce((sum, one) => sum + computeMsOf(one), 0);
  return wholeMs <= 0 ? 0 : Math.min(1, lostMs / wholeMs);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
