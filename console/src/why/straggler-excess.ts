import type { ReplyOf } from '../api/get.ts';

export type JobSteps = Pick<
  ReplyOf<'job-steps'>,
  'ranks' | 'steps' | 'workMs' | 'commMs' | 'medianWorkMs' | 'slowest'
>;

export interface Excess {
  ms: number;
  /** Over the median of the step, less 1; null for communication, or where there is no median. */
  excess: number | null;
  /** 0..1: how dark the cell is. */
  shade: number;
}

/** Own work at half as much again as the median is as dark as it gets. */
const FULL_EXCESS = 0.5;

/** One cell of the map; null where the rank did not record the step. */
export function excessOf(
  data: JobSteps,
  what: 'work' | 'comm',
  x: number,
  y: number,
): Excess | null {
  const ms = (what === 'work' ? data.workMs : data.commMs)[y]?.[x] ?? null;
  if (ms === null) return null;
  const median = data.medianWorkMs[x] ?? null;
  if (what === 'comm') {
    // Against what the step's own work takes: a wait as long as the work is as dark as it gets.
    return { ms, excess: null, shade: median === null || median === 0 ? 0 : clamp(ms / median) };
  }
  const excess = median === null || median === 0 ? null : ms / median - 1;
  return { ms, excess, shade: excess === null ? 0 : clamp(excess / FULL_EXCESS) };
}

const clamp = (share: number): number => Math.min(1, Math.max(0, share));
