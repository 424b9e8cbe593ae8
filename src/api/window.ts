import { MAX_DURATION_MS, parseDuration } from '../records/duration.ts';
import { fail, ok, type Result } from '../records/errors.ts';
import type { Window } from '../measure/ledger/ledger.ts';

/** How a caller names a window: `since` before now, or `fromMs` with an optional `toMs`. */
export interface WindowAsk {
  since?: string | undefined;
  fromMs?: number | undefined;
  toMs?: number | undefined;
}

/**
 * Turns the query into a half-open window. Without any of the three: `defaultSince` before now.
 * TR_WINDOW_INVALID names the parameter at fault.
 */
export function resolveWindow(ask: WindowAsk, nowMs: number, defaultSince: string): Result<Window> {
  if (ask.since !== undefined && (ask.fromMs !== undefined || ask.toMs !== undefined)) {
    return refuse('since', 'give either `since` or `fromMs` and `toMs`, not both');
  }
  if (ask.fromMs === undefined && ask.toMs !== undefined) {
    return refuse('fromMs', '`toMs` needs `fromMs`');
  }
  const toMs = ask.toMs ?? nowMs;
  let fromMs = ask.fromMs;
  if (fromMs === undefined) {
    const since = parseDuration(ask.since ?? defaultSince);
    if (!since.ok) return refuse('since', `\`since\`: ${since.error.message}`);
    fromMs = Math.max(0, toMs - since.value);
  }
  if (fromMs >= toMs) return refuse('fromMs', '`fromMs` must be before `toMs` (default: now)');
  if (toMs - fromMs > MAX_DURATION_MS) {
    return refuse(ask.since === undefined ? 'fromMs' : 'since', 'the window exceeds ten years');
  }
  return ok({ fromMs, toMs });
}

const refuse = (field: string, message: string): Result<Window> =>
  fail('TR_WINDOW_INVALID', message, { field });

const MINUTE_MS = 60_000;
/** Steps of one series: enough for a pixel-wide chart, few enough to render. */
export const MAX_STEPS = 1_500;
const DEFAULT_STEPS = 60;

/** Steps people read easily, in minutes. */
const ROUND_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1_440, 2_880, 10_080];

/**
 * Step of a series in whole minutes: as asked, or a round one that gives about 60 steps.
 * TR_WINDOW_INVALID when the window would hold more than `MAX_STEPS`.
 */
export function resolveStep(window: Window, stepMs: number | undefined): Result<number> {
  const spanMs = window.toMs - window.fromMs;
  if (stepMs === undefined) {
    const wanted = spanMs / DEFAULT_STEPS / MINUTE_MS;
    const round = ROUND_STEPS.find((minutes) => minutes >= wanted);
    return ok((round ?? Math.ceil(wanted / 1_440) * 1_440) * MINUTE_MS);
  }
  const whole = Math.ceil(stepMs / MINUTE_MS) * MINUTE_MS;
  if (spanMs / whole > MAX_STEPS) {
    const smallest = Math.ceil(spanMs / MAX_STEPS / MINUTE_MS) * MINUTE_MS;
    const message = `\`stepMs\` gives more than ${MAX_STEPS} steps; use at least ${smallest}`;
    return fail('TR_WINDOW_INVALID', message, { field: 'stepMs' });
  }
  return ok(whole);
}
