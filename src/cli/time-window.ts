import { parseDuration } from '../records/duration.ts';
import { fail, ok, type Result } from '../records/errors.ts';

/** ISO 8601 date, or date and time with `Z` or an offset; without one it is UTC. */
const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/;

/** An ISO time as Unix milliseconds; null when it is none. */
export function parseIsoTime(text: string): number | null {
  const match = ISO.exec(text.trim());
  if (match === null) return null;
  const [, date = '', time = '00:00', zone = 'Z'] = match;
  const atMs = Date.parse(`${date}T${time}${zone}`);
  if (!Number.isFinite(atMs) || atMs < 0) return null;
  // Some impossible dates (30 February) roll over instead of failing.
  return new Date(`${date}T00:00Z`).toISOString().startsWith(date) ? atMs : null;
}

/** A point in time: ISO, or a duration before `nowMs`. Unix milliseconds. */
export function parseTime(text: string, nowMs: number): Result<number> {
  const atMs = parseIsoTime(text);
  if (atMs !== null) return ok(atMs);
  const duration = parseDuration(text);
  if (duration.ok) return ok(Math.max(0, nowMs - duration.value));
  const forms = 'a duration such as 15m, 1h or 7d, or a time such as 2026-01-31T12:00Z';
  return fail('TR_WINDOW_INVALID', `"${text}" is not ${forms}`);
}

/**
 * The half-open window of `--since` and `--until`, each a duration before now or an ISO time.
 * TR_WINDOW_INVALID names the option at fault.
 */
export function parseWindow(
  ask: { since: string; until?: string | undefined },
  nowMs: number,
): Result<{ fromMs: number; toMs: number }> {
  const from = parseTime(ask.since, nowMs);
  if (!from.ok) return fail('TR_WINDOW_INVALID', `--since: ${from.error.message}`, SINCE);
  const to = ask.until === undefined ? ok(nowMs) : parseTime(ask.until, nowMs);
  if (!to.ok) return fail('TR_WINDOW_INVALID', `--until: ${to.error.message}`, { field: 'until' });
  if (from.value >= to.value) {
    const end = ask.until === undefined ? 'in the past' : 'before --until';
    return fail('TR_WINDOW_INVALID', `--since must be ${end}`, SINCE);
  }
  return ok({ fromMs: from.value, toMs: to.value });
}

const SINCE = { field: 'since' } as const;
