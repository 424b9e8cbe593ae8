import type { RequestRecord } from '../api/types.ts';

export type PhaseKind =
  | 'queue'
  | 'gateway'
  | 'attempt'
  | 'retry-wait'
  | 'engine-queue'
  | 'prefill'
  | 'first-token'
  | 'decode'
  | 'upstream';

/** One stretch of a request's time; the phases of a request follow each other without a gap. */
export interface Phase {
  kind: PhaseKind;
  label: string;
  /** More about it, e.g. how an attempt failed; null when there is nothing more. */
  note: string | null;
  startMs: number;
  durationMs: number;
}

/**
 * The phases of a request in order; their durations sum to its e2e (each is cut where the parts
 * of the record exceed the whole). The gateway's own time, known only as a sum, is drawn in one
 * piece before the first attempt. Time to the first token that the engine's own split does not
 * cover is `first-token`; without a first token what is left is one piece, `upstream`. A report of
 * more time than passed (a simulation faster than the clock) is scaled to it, as the answers do.
 */
export function phasesOf(record: RequestRecord): Phase[] {
  const { latency } = record;
  const phases: Phase[] = [];
  let atMs = 0;
  const add = (kind: PhaseKind, label: string, durationMs: number | null, note?: string): void => {
    const cut = Math.min(durationMs ?? 0, latency.e2eMs - atMs);
    if (cut <= 0) return;
    phases.push({ kind, label, note: note ?? null, startMs: atMs, durationMs: cut });
    atMs += cut;
  };
  add('queue', 'Queue in the gateway', latency.queueMs);
  add('gateway', 'Gateway', latency.gatewayMs, 'the sum over the request, drawn in one piece');
  for (const failed of failedAttempts(record)) {
    add('attempt', `Attempt at ${failed.engine}`, failed.durationMs, failed.note);
  }
  const spentMs = failedAttempts(record).reduce((sum, one) => sum + one.durationMs, 0);
  add('retry-wait', 'Between attempts', latency.retryMs - spentMs);
  if (latency.ttftMs === null) {
    add('upstream', 'Waiting for the engine', latency.e2eMs - atMs, 'no first token came');
    return phases;
  }
  const leftMs = (untilMs: number): number => Math.max(0, untilMs - atMs);
  const scale = reportScale(latency);
  const note = scale < 1 ? 'as the engine reports it, scaled to the time that passed' : undefined;
  const queueMs = Math.min((latency.engineQueueMs ?? 0) * scale, leftMs(latency.ttftMs));
  add('engine-queue', 'Queue in the engine', queueMs, note);
  const prefillMs = Math.min((latency.prefillMs ?? 0) * scale, leftMs(latency.ttftMs));
  add('prefill', 'Prefill', prefillMs, note);
  const split = latency.engineQueueMs !== null || latency.prefillMs !== null;
  add(
    'first-token',
    split ? 'First token' : 'Until the first token',
    leftMs(latency.ttftMs),
    split ? 'first decode step and network' : 'the engine does not report its queue and prefill',
  );
  add('decode', record.stream ? 'Decode' : 'Rest of the reply', leftMs(latency.e2eMs));
  return phases;
}

/** Time that passed at the engine over the time it reports, where it reports more; else 1. */
function reportScale(latency: RequestRecord['latency']): number {
  const { e2eMs, queueMs, gatewayMs, retryMs, engineQueueMs, prefillMs, decodeMs } = latency;
  const reportedMs = (engineQueueMs ?? 0) + (prefillMs ?? 0) + (decodeMs ?? 0);
  const passedMs = Math.max(0, e2eMs - queueMs - gatewayMs - retryMs);
  return reportedMs > passedMs ? passedMs / reportedMs : 1;
}

interface FailedAttempt {
  engine: string;
  durationMs: number;
  note: string;
}

/** The attempts that gave the client nothing: all but the last, and that one too if it failed. */
function failedAttempts(record: RequestRecord): FailedAttempt[] {
  const { attempts, latency } = record;
  const lastFailed = latency.ttftMs === null && (attempts.at(-1)?.errorCode ?? null) !== null;
  const failed = lastFailed ? attempts : attempts.slice(0, -1);
  return failed.map(({ engine, durationMs, status, errorCode }) => ({
    engine,
    durationMs,
    note: [status === null ? 'no status' : `HTTP ${status}`, errorCode]
      .filter((part) => part !== null)
      .join(', '),
  }));
}
