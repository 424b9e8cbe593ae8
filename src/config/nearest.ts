/** Longer names are not compared, so that the cost per pair has a bound. */
const MAX_CHARS = 80;

/**
 * Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`: the optimal string
 * alignment distance (a restricted Damerau-Levenshtein), O(|a| |b|) time.
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(
        (previous[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + replace,
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      }
      current.push(least);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** One form of names that differ only in case, `-` and `_`. */
const fold = (name: string): string => name.toLowerCase().replaceAll(/[-_]/g, '');

/**
 * The candidate that a mistyped name most likely means, or null when none is near: at most one edit
 * per three characters of the name (at least one), ignoring case, `-` and `_`. Ties go to the first.
 */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  const wanted = fold(name.slice(0, MAX_CHARS));
  if (wanted === '') return null;
  let best: string | null = null;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    if (candidate.length > MAX_CHARS) continue;
    const distance = editDistance(wanted, fold(candidate));
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}
