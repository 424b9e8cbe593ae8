import type { TraceEntry } from './trace-entry.ts';

const DAY_MS = 86_400_000;

/** Ids of traces to delete: those too old, then the oldest until the rest fits. What is being read stays. */
export function expired(
  entries: readonly TraceEntry[],
  { keepBytes, keepDays }: { keepBytes: number; keepDays: number },
  nowMs: number,
): string[] {
  const newestFirst = entries
    .filter(({ state }) => state !== 'reading')
    .toSorted((a, b) => b.addedAtMs - a.addedAtMs);
  let bytes = 0;
  return newestFirst
    .filter(({ addedAtMs, storedBytes }, place) => {
      if (addedAtMs < nowMs - keepDays * DAY_MS) return true;
      bytes += storedBytes ?? 0;
      // One trace stays whatever its size: it was just brought.
      return place > 0 && bytes > keepBytes;
    })
    .map(({ id }) => id);
}
