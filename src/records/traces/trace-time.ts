import { MAX_TRACE_TIME_MS, shown, traceError } from './trace-row.ts';

const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * `2023-11-16 18:15:46.6805900`, `2023-11-16T18:15:46Z`, `...+01:00`: Unix milliseconds with the
 * fraction kept (to 0.3 us, a double's step at today's date). Without a zone it is read as UTC.
 * Null when it is not such a time, or not a day of the calendar.
 */
export function parseDateTime(text: string): number | null {
  const match = DATE_TIME.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  if (year === undefined || month === undefined || day === undefined) return null;
  if (hour === undefined || minute === undefined || second === undefined) return null;
  if (year < 1970 || hour > 23 || minute > 59 || second > 59) return null;
  const dayMs = Date.UTC(year, month - 1, day);
  // Date.UTC rolls 31 February over into March; a rolled-over day is no day.
  const back = new Date(dayMs);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day) return null;
  const offsetMs = zoneOffsetMs(match[8]);
  if (offsetMs === null) return null;
  const fractionMs = match[7] === undefined ? 0 : Number(match[7]) * 1000;
  return dayMs + ((hour * 60 + minute) * 60 + second) * 1000 + fractionMs - offsetMs;
}

function zoneOffsetMs(zone: string | undefined): number | null {
  if (zone === undefined || zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 14 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** A time on a trace's clock: finite, not negative, not absurd. */
export function checkTimeMs(line: number, field: string, timeMs: number, raw: unknown): number {
  if (!Number.isFinite(timeMs)) {
    throw traceError(line, field, `${shown(raw)} is not a number`, 'write the time of the request');
  }
  if (timeMs < 0 || timeMs > MAX_TRACE_TIME_MS) {
    const fix = 'times run from 0 to the year 2286';
    throw traceError(line, field, `${shown(raw)} is out of range`, fix);
  }
  return timeMs;
}
