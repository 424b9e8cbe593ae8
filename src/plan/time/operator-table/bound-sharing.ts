import type { Grid } from './grid.ts';

/**
 * Bounds mixed steps of more decodes than were measured, in place. What decodes add beside a prompt is memory traffic: the pure
 * decode kernel reads the KV of a group of query heads once, the mixed one reads it between once and once for each of
 * the `headsPerKv` query heads, as its cache lets heads share. In multiples of the pure kernel's time, which is its measured
 * bandwidth, that is at least the multiple of the largest measured batch (sharing does not get better with more
 * sequences) and at most `headsPerKv` (FlashAttention-2, arXiv 2307.08691, section 3.2; roofline of the bytes). A
 * straight line over the batch leaves both where sharing is lost between two levels.
 * `grid` has the axes prompt tokens, their context, decodes and decode context.
 */
export function boundSharing(
  { axes, values }: Grid,
  measured: ReadonlyArray<number | null>,
  headsPerKv: number,
): void {
  const [tokens = [], contexts = [], decodes = [], means = []] = axes;
  if (tokens[0] !== 0 || decodes[0] !== 0) return;
  const at = (p: number, c: number, n: number, k: number): number =>
    ((p * contexts.length + c) * decodes.length + n) * means.length + k;
  const known = (cell: number): boolean => (measured[cell] ?? null) !== null;
  const value = (cell: number): number => values[cell] ?? 0;

  const boundLine = (p: number, c: number, k: number): void => {
    const alone = value(at(p, c, 0, k));
    const last = decodes.findLastIndex((_, n) => n > 0 && known(at(p, c, n, k)));
    const pureLast = value(at(0, c, Math.max(0, last), k));
    if (last < 1 || pureLast <= 0) return;
    const least = Math.max(0, value(at(p, c, last, k)) - alone) / pureLast;
    for (let n = last + 1; n < decodes.length; n += 1) {
      const cell = at(p, c, n, k);
      const pure = value(at(0, c, n, k));
      const most = Math.max(least, headsPerKv) * pure;
      values[cell] = alone + Math.min(most, Math.max(least * pure, value(cell) - alone));
    }
  };

  for (let p = 1; p < tokens.length; p += 1) {
    for (let c = 0; c < contexts.length; c += 1) {
      for (let k = 0; k < means.length; k += 1) boundLine(p, c, k);
    }
  }
}
