import { fail, ok, type Result } from './errors.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Longest duration and window that is answered: ten years, far beyond any retention. */
export const MAX_DURATION_MS = 3_653 * 86_400_000;

/**
 * `500ms`, `90s`, `15m`, `1h`, `1.5h`, `7d`, `2w`: whole milliseconds, above zero and at most ten
 * years. TR_WINDOW_INVALID quotes what was given.
 */
export function parseDuration(text: string): Result<number> {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|[smhdw])$/.exec(text);
  const unitMs = UNIT_MS[match?.[2] ?? ''];
  if (match === null || unitMs === undefined) {
    return fail('TR_WINDOW_INVALID', `"${text}" is not a duration such as 90s, 15m, 1h or 7d`);
  }
  const durationMs = Math.round(Number(match[1]) * unitMs);
  if (durationMs <= 0) return fail('TR_WINDOW_INVALID', `"${text}" must be more than nothing`);
  if (durationMs > MAX_DURATION_MS) return fail('TR_WINDOW_INVALID', `"${text}" exceeds ten years`);
  return ok(durationMs);
}
