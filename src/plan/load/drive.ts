import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../records/clock.ts';
import type { TraceRow } from '../../records/traces/trace-row.ts';
import type { ChatSender, Sending } from './chat-sender.ts';
import { CLIENT_FAILURES, type LoadOutcome } from './outcome.ts';
import type { Tally } from './tally.ts';

/** Why a run ended: its rows were sent, a bound of count or time was reached, or it was stopped. */
export type StopReason = 'end' | 'count' | 'time' | 'interrupted';

export interface DriveOptions {
  rows: AsyncIterable<TraceRow> | Iterable<TraceRow>;
  sender: ChatSender;
  tally: Tally;
  clock: Clock;
  /** Trace seconds per real second. */
  speed: number;
  /** Bounds of the run. Milliseconds are real time, for arrivals; replies may come later. */
  maxRequests: number;
  maxDurationMs: number;
  /** Requests under way at most. An arrival beyond is not sent and counted as unsent: waiting
   *  for a reply would close the loop. */
  maxInFlight: number;
  requestTimeoutMs: number;
  /** What replies under way get after an interruption. */
  graceMs: number;
  signal: AbortSignal;
  /** Every outcome, after the tally has it. */
  onOutcome?: (outcome: LoadOutcome) => void;
}

export interface DriveResult {
  stopped: StopReason;
  /** Wall time of the first arrival and of the last reply, Unix milliseconds. */
  startedAtMs: number;
  endedAtMs: number;
  /** Real time over which the arrivals were due. */
  askedMs: number;
  /** Real time in which they were sent. */
  arrivalMs: number;
  /** Real time until the last reply. */
  totalMs: number;
}

/** How often deadlines are looked at: a timeout is kept to this much. */
const SWEEP_MS = 100;

/** Arrivals sent without a turn of the event loop, so that replies are read even when all are due. */
const SENDS_PER_TURN = 32;

/**
 * Sends rows open loop: each at its own due time, counted from the start of the run and not from
 * the row before, whatever the replies do. A driver that falls behind therefore catches up, and
 * says by how much it was late. Resolves when every reply has come or was given up.
 */
export async function drive(options: DriveOptions): Promise<DriveResult> {
  const { clock, tally, sender, signal } = options;
  const startMs = clock.monoMs();
  const startedAtMs = clock.wallMs();
  const inFlight = new Set<Sending>();
  const send = (row: TraceRow, dueMs: number): void => {
    if (inFlight.size >= options.maxInFlight) {
      tally.unsent += 1;
      return;
    }
    const sending = sender.send(row, tally.sent, dueMs, (outcome) => {
      inFlight.delete(sending);
      tally.add(outcome);
      options.onOutcome?.(outcome);
    });
    inFlight.add(sending);
    tally.sent += 1;
  };
  const sweep = setInterval(() => abortOverdue(inFlight, clock, options), SWEEP_MS);
  try {
    const { stopped, lastDueMs } = await sendAll(options, startMs, send);
    const arrivalMs = clock.monoMs() - startMs;
    await drain(inFlight, options, signal);
    const totalMs = clock.monoMs() - startMs;
    const askedMs = lastDueMs - startMs;
    return { stopped, startedAtMs, endedAtMs: clock.wallMs(), askedMs, arrivalMs, totalMs };
  } finally {
    clearInterval(sweep);
  }
}

interface Sent {
  stopped: StopReason;
  /** Due time of the last arrival, monotonic milliseconds. */
  lastDueMs: number;
}

async function sendAll(
  options: DriveOptions,
  startMs: number,
  send: (row: TraceRow, dueMs: number) => void,
): Promise<Sent> {
  const { clock, signal } = options;
  const endMs = startMs + options.maxDurationMs;
  let lastDueMs = startMs;
  let count = 0;
  let sinceTurn = 0;
  for await (const row of options.rows) {
    if (count >= options.maxRequests) return { stopped: 'count', lastDueMs };
    const dueMs = startMs + row.atMs / options.speed;
    if (await sleepUntil(Math.min(dueMs, endMs), clock, signal)) sinceTurn = 0;
    if (signal.aborted) return { stopped: 'interrupted', lastDueMs };
    if (dueMs > endMs || clock.monoMs() > endMs) return { stopped: 'time', lastDueMs };
    send(row, dueMs);
    lastDueMs = dueMs;
    count += 1;
    sinceTurn += 1;
    if (sinceTurn >= SENDS_PER_TURN) {
      sinceTurn = 0;
      await turn();
    }
  }
  return { stopped: signal.aborted ? 'interrupted' : 'end', lastDueMs };
}

/** Timers are whole milliseconds; half of one early is nearer to the due time than half late. */
const EARLY_MS = 0.5;
const LONGEST_TIMER_MS = 2_147_483_647;

/** Resolves at `dueMs` or when stopped; says whether it slept. */
async function sleepUntil(dueMs: number, clock: Clock, signal: AbortSignal): Promise<boolean> {
  let slept = false;
  for (;;) {
    const leftMs = dueMs - clock.monoMs();
    if (leftMs < EARLY_MS || signal.aborted) return slept;
    slept = true;
    const timerMs = Math.min(LONGEST_TIMER_MS, Math.max(1, Math.floor(leftMs)));
    await delay(timerMs, undefined, { signal }).catch(() => undefined);
  }
}

function abortOverdue(inFlight: Set<Sending>, clock: Clock, options: DriveOptions): void {
  const overdueMs = clock.monoMs() - options.requestTimeoutMs;
  for (const sending of inFlight) {
    // Oldest first: the set keeps the order of sending, which is that of the due times.
    if (sending.dueMs > overdueMs) return;
    sending.abort(CLIENT_FAILURES.timeout);
  }
}

/** Waits for the replies under way; after an interruption no longer than the grace. */
async function drain(
  inFlight: Set<Sending>,
  options: DriveOptions,
  signal: AbortSignal,
): Promise<void> {
  let graceEndMs: number | null = null;
  while (inFlight.size > 0) {
    if (signal.aborted) {
      graceEndMs ??= options.clock.monoMs() + options.graceMs;
      if (options.clock.monoMs() >= graceEndMs) {
        for (const sending of inFlight) sending.abort(CLIENT_FAILURES.stopped);
      }
    }
    await delay(DRAIN_POLL_MS);
  }
}

const DRAIN_POLL_MS = 10;
