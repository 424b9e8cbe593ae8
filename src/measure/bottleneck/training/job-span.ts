import type { JobConfig } from '../../../config/schema.ts';
import type { Window } from '../../ledger/ledger.ts';
import type { JobTimeline } from './rank-timeline.ts';

/**
 * The part of the window in which the job's accelerators are paid for: from `from` or its first step, until `until` or now.
 * Null when it lies outside.
 */
export function paidSpan(
  job: JobConfig,
  timeline: JobTimeline,
  window: Window,
  nowMs: number,
): Window | null {
  const firstMs = [...timeline.ranks.values()].reduce(
    (first, steps) => Math.min(first, steps[0]?.startMs ?? Number.POSITIVE_INFINITY),
    Number.POSITIVE_INFINITY,
  );
  const fromMs = job.from === undefined ? firstMs : Date.parse(job.from);
  const untilMs = job.until === undefined ? nowMs : Math.min(nowMs, Date.parse(job.until));
  const span = { fromMs: Math.max(window.fromMs, fromMs), toMs: Math.min(window.toMs, untilMs) };
  return span.fromMs < span.toMs ? span : null;
}
