import { cell } from '../../records/kineto/event-table.ts';

/** Lanes of one track at most; what is nested deeper is counted and not drawn. */
export const MAX_DEPTH = 256;

/**
 * Depth of each row of one track, rows by start and, where equal, the longest first. An event takes
 * the place above all that run when it starts, also where they end before it does: so events of one
 * depth never overlap. O(rows). -1: deeper than MAX_DEPTH.
 */
export function nestEvents(
  rows: ArrayLike<number>,
  startUs: ArrayLike<number>,
  endUs: ArrayLike<number>,
): Int32Array {
  const depths = new Int32Array(rows.length);
  const running: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    const row = cell(rows, i);
    const start = cell(startUs, row);
    while (running.length > 0 && (running.at(-1) ?? 0) <= start) running.pop();
    if (running.length >= MAX_DEPTH) {
      depths[i] = -1;
      continue;
    }
    depths[i] = running.length;
    running.push(cell(endUs, row));
  }
  return depths;
}
