import type { DriveResult, StopReason } from './drive.ts';
import type { Quantiles } from './quantiles.ts';
import type { Reconciliation } from './reconcile.ts';
import type { Tally, TokenTally } from './tally.ts';

/** What a load run found. Times are milliseconds, rates per real second. */
export interface LoadSummary {
  kind: 'replay' | 'load';
  target: string;
  model: string;
  startedAtMs: number;
  endedAtMs: number;
  durationMs: number;
  stopped: StopReason;
  /** Whether the replies said that an engine was simulated. */
  simulated: 'none' | 'some' | 'all';
  requests: {
    sent: number;
    succeeded: number;
    failed: number;
    /** Arrivals not sent: too many were under way. */
    unsent: number;
    failures: Record<string, number>;
  };
  tokens: TokenTally;
  rate: {
    /** Arrivals that were due over the time in which they were due. Null below two. */
    askedPerS: number | null;
    /** Requests sent over that time. */
    sentPerS: number | null;
    /** Requests that succeeded, over the time until the last reply. */
    succeededPerS: number | null;
  };
  /** From the due time of the arrival, so that it includes any lateness of this process. */
  latency: { ttft: Quantiles; tpot: Quantiles; e2e: Quantiles };
  /** How late requests were sent: this process or its connections did not keep up. */
  lateness: Quantiles;
  reconciliation: Reconciliation;
}

export function summarize(about: {
  kind: LoadSummary['kind'];
  target: string;
  model: string;
  run: DriveResult;
  tally: Tally;
  reconciliation: Reconciliation;
}): LoadSummary {
  const { run, tally } = about;
  const { ttft, tpot, e2e, late } = tally.latency();
  const finished = tally.succeeded + tally.failed;
  return {
    kind: about.kind,
    target: about.target,
    model: about.model,
    startedAtMs: run.startedAtMs,
    endedAtMs: run.endedAtMs,
    durationMs: run.totalMs,
    stopped: run.stopped,
    simulated: simulatedShare(tally.simulated, finished),
    requests: {
      sent: tally.sent,
      succeeded: tally.succeeded,
      failed: tally.failed,
      unsent: tally.unsent,
      failures: Object.fromEntries([...tally.failures].sort((a, b) => b[1] - a[1])),
    },
    tokens: { ...tally.tokens },
    rate: {
      askedPerS: perSecond(tally.sent + tally.unsent, run.askedMs),
      sentPerS: perSecond(tally.sent, run.arrivalMs),
      succeededPerS: perSecond(tally.succeeded, run.totalMs),
    },
    latency: { ttft, tpot, e2e },
    lateness: late,
    reconciliation: about.reconciliation,
  };
}

function simulatedShare(simulated: number, finished: number): LoadSummary['simulated'] {
  if (simulated === 0) return 'none';
  return simulated === finished ? 'all' : 'some';
}

const perSecond = (count: number, overMs: number): number | null =>
  count < 2 || overMs <= 0 ? null : count / (overMs / 1000);
