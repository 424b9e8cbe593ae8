import type { DeviceFacts } from '../device-facts.ts';
import type { TimeBook } from '../time-book.ts';
import type { JobWork } from './job-account.ts';
import type { RankStep } from './rank-timeline.ts';

/** A job that wrote no step for this long, and for ten of its steps, has stopped. */
const STOPPED_MS = 60_000;
const STOPPED_STEPS = 10;
/** Less active than this, over the time without steps, is a device that only holds a context. */
const IDLE_SHARE = 0.01;
/** Less of the time than this is rounding. */
const WORTH_SAYING = 0.001;

/**
 * Time in which a rank recorded nothing: before its first step (starting, when the job was paid for already), between steps
 * (failed, when a restart follows; else unexplained), after its last one (left on, when its devices are known to idle).
 */
export function takeSilence(book: TimeBook, work: JobWork, devices: DeviceFacts | null): void {
  const { span, perRank } = work;
  const sums = { starting: 0, failed: 0, leftOn: 0, between: 0, after: 0 };
  for (const steps of work.timeline.ranks.values()) {
    const first = steps[0];
    const last = steps.at(-1);
    if (first === undefined || last === undefined) continue;
    sums.starting += overlapMs(work, Number.NEGATIVE_INFINITY, first.startMs);
    for (const one of steps) {
      const gapMs = overlapMs(work, one.startMs - one.gapMs, one.startMs);
      if (one.isRestart) sums.failed += gapMs;
      else sums.between += gapMs;
    }
    const afterMs = overlapMs(work, last.endMs, Number.POSITIVE_INFINITY);
    const stoppedMs = Math.max(STOPPED_MS, STOPPED_STEPS * typicalMs(steps));
    if (afterMs > stoppedMs && isIdle(devices, work, afterMs)) sums.leftOn += afterMs;
    else if (afterMs > stoppedMs) sums.after += afterMs;
  }
  const seconds = (ms: number): number => (ms * perRank) / 1000;
  book.take('failed', seconds(sums.failed), {
    confidence: 'high',
    evidence: 'no step until a restart went back to an earlier one',
  });
  book.take('starting', seconds(sums.starting), {
    confidence: 'medium',
    evidence: 'paid for, before the first step',
  });
  book.take('left-on', seconds(sums.leftOn), {
    confidence: 'medium',
    evidence: 'no step any more, and its devices idle',
  });
  const minutes = (ms: number): string => (ms / 60_000 / work.timeline.ranks.size).toFixed(1);
  if (seconds(sums.between) > WORTH_SAYING * book.paidSeconds)
    book.unknown(`${minutes(sums.between)} min between steps are in no record`);
  if (sums.after > 0) {
    const lastMs = Math.max(...work.all.map((one) => one.endMs));
    book.unknown(
      `no step since ${new Date(Math.min(lastMs, span.toMs)).toISOString()} ` +
        `(${minutes(sums.after)} min): stopped, stuck or its log is late; counters do not say that it idles`,
    );
  }
}

const overlapMs = ({ span }: JobWork, fromMs: number, toMs: number): number =>
  Math.max(0, Math.min(toMs, span.toMs) - Math.max(fromMs, span.fromMs));

function typicalMs(steps: readonly RankStep[]): number {
  const lengths = steps.map((one) => one.endMs - one.startMs).toSorted((a, b) => a - b);
  return lengths[Math.floor(lengths.length / 2)] ?? 0;
}

/**
 * Counters are means over the window: what its steps did is taken out at full activity, so devices that were active at all
 * beyond them are not called idle.
 */
function isIdle(devices: DeviceFacts | null, { span, inSpan }: JobWork, afterMs: number): boolean {
  const active = devices?.activeShare ?? devices?.smActive ?? null;
  if (active === null) return false;
  const spanMs = span.toMs - span.fromMs;
  const ranks = new Set(inSpan.map((one) => one.rank)).size;
  const stepMs = inSpan.reduce((sum, one) => sum + one.endMs - one.startMs, 0);
  const inSteps = ranks === 0 ? 0 : stepMs / ranks;
  const beyondMs = active * spanMs - inSteps;
  return beyondMs / afterMs < IDLE_SHARE;
}
