/**
 * The account of a training job's accelerator time, from its step records and the counters of its devices. Every second
 * of every accelerator in the paid span is given to one cause or stays unexplained. Pure. Cost: about 7 us and 900 bytes a record.
 */
import { findAccelerator } from '../../../catalog/accelerators.ts';
import type { JobConfig } from '../../../config/schema.ts';
import type { Window } from '../../ledger/ledger.ts';
import { acceleratorHourUsd } from '../../cost/accelerator-hour.ts';
import type { Accounted } from '../account-detail.ts';
import { closeAccount } from '../close-account.ts';
import { type DeviceFacts, deviceNotes } from '../device-facts.ts';
import { createTimeBook, type TimeBook } from '../time-book.ts';
import { splitCompute } from './compute-split.ts';
import { exchangeSplits } from './exchange-waits.ts';
import { jobDetail } from './job-detail.ts';
import { jobMetrics } from './job-metrics.ts';
import { paidSpan } from './job-span.ts';
import { clipped, jobTimeline, type JobTimeline, type RankStep } from './rank-timeline.ts';
import type { JobSteps } from './read-job-steps.ts';
import { takeSilence } from './silence.ts';
import { computeMsOf, throttledShare } from './throttled-share.ts';
import { flopsPerToken, peakFlopsPerS } from './work-flops.ts';

export interface JobFacts {
  job: JobConfig;
  steps: JobSteps;
  window: Window;
  nowMs: number;
  /** Null: no source tells of its devices. */
  devices: DeviceFacts | null;
}

/** What of the job's time lies in the paid span. */
export interface JobWork {
  job: JobConfig;
  span: Window;
  timeline: JobTimeline;
  /** Ranks that are paid for, seen or not, and accelerators of each. */
  rankCount: number;
  perRank: number;
  /** Steps of all ranks, cut to the span. */
  inSpan: RankStep[];
  kept: RankStep[];
  all: RankStep[];
  exchange: ReturnType<typeof exchangeSplits>;
}

/** Null when the job had no paid time in the window. */
export function jobAccount(facts: JobFacts): Accounted | null {
  const { job, steps, devices } = facts;
  const timeline = jobTimeline(steps.records);
  const span = paidSpan(job, timeline, facts.window, facts.nowMs);
  if (span === null) return null;
  const work = jobWork(job, span, timeline);
  const spanSeconds = (span.toMs - span.fromMs) / 1000;
  const book = createTimeBook(spanSeconds * job.hardware.count);
  for (const note of notesOf(facts, work)) book.unknown(note);
  takeSteps(book, work);
  takeSilence(book, work, devices);
  const useful = usefulSeconds(work);
  const computeSeconds = secondsOf(
    work,
    work.kept.reduce((sum, one) => sum + computeMsOf(one), 0),
  );
  const throttled = throttledShare(devices, { now: work.kept, all: work.all });
  splitCompute(
    book,
    {
      seconds: computeSeconds,
      usefulSeconds: useful,
      throttledShare: throttled,
      filledShare: filledShare(work),
    },
    { job, devices, windowSeconds: book.paidSeconds },
  );
  const rate = job.cost === undefined ? null : acceleratorHourUsd(job.cost);
  const hours = book.paidSeconds / 3600;
  const powerW = devices?.powerW ?? null;
  const energyWh = powerW === null ? null : powerW * hours;
  const catalog = findAccelerator(job.hardware.accelerator);
  return {
    account: {
      subject: job.name,
      kind: 'job',
      business: 'training',
      services: [],
      accelerators: job.hardware.count,
      accelerator: job.hardware.accelerator,
      usdPerAcceleratorHour: rate,
      basis: devices?.basis === 'modelled' ? 'modelled' : 'measured',
      simulated: devices?.basis === 'modelled',
      ...span,
      acceleratorHours: hours,
      usd: rate === null ? null : rate * hours,
      energyWh,
      leaves: closeAccount(book, {
        usdPerAcceleratorHour: rate,
        energyWh,
        idleW: catalog?.idleW ?? null,
      }),
      metrics: jobMetrics(work, devices, useful, book.paidSeconds),
      missing: missingOf(job, useful, devices),
    },
    detail: jobDetail(work, devices),
  };
}

function jobWork(job: JobConfig, span: Window, timeline: JobTimeline): JobWork {
  const rankCount = Math.max(job.ranks ?? job.hardware.count, timeline.ranks.size);
  const all = [...timeline.ranks.values()].flat();
  const inSpan = all.flatMap((one) => clipped(one, span) ?? []);
  const kept = inSpan.filter((one) => !one.rolledBack);
  return {
    job,
    span,
    timeline,
    rankCount,
    perRank: job.hardware.count / rankCount,
    inSpan,
    kept,
    all,
    exchange: exchangeSplits(all),
  };
}

/** Milliseconds of single ranks as accelerator-seconds. */
const secondsOf = ({ perRank }: JobWork, rankMs: number): number => (rankMs * perRank) / 1000;

const HIGH = { confidence: 'high' } as const;
/** Less of the time than this is rounding. */
const WORTH_SAYING = 0.001;

/** Phases of the log but those of computing. */
function takeSteps(book: TimeBook, work: JobWork): void {
  const sums = { failed: 0, checkpoint: 0, evaluation: 0, data: 0, h2d: 0, network: 0, comm: 0 };
  for (const one of work.inSpan) {
    if (one.rolledBack) {
      sums.failed += one.endMs - one.startMs;
      continue;
    }
    const { phaseMs } = one;
    const exchange = scaled(work, one);
    sums.checkpoint += phaseMs.checkpoint + exchange.checkpointMs;
    sums.evaluation += phaseMs.eval + exchange.evaluationMs;
    sums.data += phaseMs.data + exchange.dataMs;
    sums.h2d += phaseMs.h2d;
    sums.network += exchange.networkMs;
    sums.comm += exchange.communicationMs;
  }
  const seconds = (ms: number): number => secondsOf(work, ms);
  const steps = `${new Set(work.kept.map((one) => one.step)).size} steps of ${work.timeline.ranks.size} ranks`;
  book.take('failed', seconds(sums.failed), {
    ...HIGH,
    evidence: 'steps done again after a restart',
  });
  book.take('checkpoint', seconds(sums.checkpoint), {
    ...HIGH,
    evidence: `phase checkpoint, ${steps}`,
  });
  book.take('evaluation', seconds(sums.evaluation), { ...HIGH, evidence: `phase eval, ${steps}` });
  book.take('data-stall', seconds(sums.data), { ...HIGH, evidence: `phase data, ${steps}` });
  book.take('host-cpu', seconds(sums.h2d), { ...HIGH, evidence: `phase h2d, ${steps}` });
  book.take('network', seconds(sums.network), {
    confidence: 'medium',
    evidence: networkEvidence(work),
  });
  book.take('communication', seconds(sums.comm), {
    confidence: 'medium',
    evidence: `phase comm, ${steps}`,
  });
  const uncoveredMs = work.kept.reduce((sum, one) => sum + uncovered(one), 0);
  const share = seconds(uncoveredMs) / book.paidSeconds;
  if (share >= WORTH_SAYING) {
    book.unknown(
      `${(share * 100).toFixed(1)} % of the time is inside steps but in no phase of the log`,
    );
  }
}

/** A step that was cut to the span has its exchange cut with it. */
function scaled(work: JobWork, one: RankStep): ReturnType<JobWork['exchange']['splitOf']> {
  const split = work.exchange.splitOf(one);
  const sum =
    split.communicationMs +
    split.networkMs +
    split.dataMs +
    split.checkpointMs +
    split.evaluationMs;
  const factor = sum === 0 ? 0 : one.phaseMs.comm / sum;
  return {
    communicationMs: split.communicationMs * factor,
    networkMs: split.networkMs * factor,
    dataMs: split.dataMs * factor,
    checkpointMs: split.checkpointMs * factor,
    evaluationMs: split.evaluationMs * factor,
  };
}

const uncovered = (one: RankStep): number =>
  Math.max(0, one.endMs - one.startMs - Object.values(one.phaseMs).reduce((a, b) => a + b, 0));

function networkEvidence({ exchange }: JobWork): string {
  const { paceMs, lastRank } = exchange;
  const pace =
    paceMs === null ? '' : `; the best tenth of the exchanges take ${paceMs.toFixed(0)} ms`;
  const last =
    lastRank === null
      ? ''
      : `; rank ${lastRank.rank} comes last in ${(lastRank.share * 100).toFixed(0)} % of steps`;
  return `phase comm beyond the exchange at its best${pace}${last}`;
}

/** FLOPs of kept work over the peak, accelerator-seconds. */
function usefulSeconds({ job, kept }: JobWork): number | null {
  const peak = peakFlopsPerS(job);
  if (peak === null || kept.length === 0) return null;
  const perToken = flopsPerToken(job);
  if (perToken !== null && kept.every((one) => one.tokens !== null)) {
    return (kept.reduce((sum, one) => sum + (one.tokens ?? 0), 0) * perToken) / peak;
  }
  const perSample = job.flopsPerSample ?? null;
  if (perSample === null || kept.some((one) => one.samples === null)) return null;
  return (kept.reduce((sum, one) => sum + (one.samples ?? 0), 0) * perSample) / peak;
}

function filledShare({ job, kept }: JobWork): number | null {
  const { positionsPerStep: positions } = job;
  if (positions === undefined || kept.length === 0) return null;
  if (kept.some((one) => one.tokens === null)) return null;
  const computedSteps = kept.length;
  const tokens = kept.reduce((sum, one) => sum + (one.tokens ?? 0), 0);
  return Math.min(1, tokens / (computedSteps * positions));
}

function notesOf({ steps, devices }: JobFacts, work: JobWork): string[] {
  const { timeline, rankCount } = work;
  const notes = [...steps.notes];
  const missing = rankCount - timeline.ranks.size;
  if (missing > 0) notes.push(`${missing} of ${rankCount} ranks write no step records`);
  if (timeline.duplicates > 0) {
    notes.push(
      `${timeline.duplicates} step records tell of time that another one told of; left out`,
    );
  }
  for (const [rank, offsetMs] of timeline.offsetsMs) {
    notes.push(`the clock of rank ${rank} is ${(offsetMs / 1000).toFixed(1)} s off; set right`);
  }
  return [...notes, ...deviceNotes(devices)];
}

function missingOf(job: JobConfig, useful: number | null, devices: DeviceFacts | null): string[] {
  const at = `jobs[${job.name}]`;
  return [
    ...(job.cost === undefined ? [`${at}.cost`] : []),
    ...(useful === null ? [`${at}.model (or flopsPerToken), and tokens in its step records`] : []),
    ...(devices === null ? [`${at}.devices, and a source that reads them`] : []),
  ];
}
