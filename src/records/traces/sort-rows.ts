import { traceError, type TimedRow } from './trace-row.ts';

/** Rows held back to put them into order. A row later than this many others is an error. */
export const SORT_WINDOW_ROWS = 1024;

/**
 * Yields rows by time. Logs merged from several machines are a little out of order: a row may come
 * up to `windowRows` rows late. One that comes later than that is refused (TR_TRACE_INVALID),
 * since sorting a whole file would need it in memory. Rows of one time keep their order.
 */
export async function* sortRows(
  rows: AsyncIterable<TimedRow>,
  windowRows: number = SORT_WINDOW_ROWS,
): AsyncGenerator<TimedRow, void, undefined> {
  // Ascending. Rows nearly always come in order, so that the search from the end stops at once.
  const held: TimedRow[] = [];
  let head = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  for await (const row of rows) {
    if (row.atMs < lastMs) throw tooLate(row, windowRows);
    let at = held.length;
    while (at > head && (held[at - 1]?.atMs ?? lastMs) > row.atMs) at -= 1;
    held.splice(at, 0, row);
    if (held.length - head <= windowRows) continue;
    const first = held[head];
    if (first === undefined) continue;
    head += 1;
    lastMs = first.atMs;
    yield first;
    if (head > windowRows) {
      held.splice(0, head);
      head = 0;
    }
  }
  yield* held.slice(head);
}

function tooLate(row: TimedRow, windowRows: number): Error {
  const problem = `earlier than rows more than ${windowRows} lines before it`;
  return traceError(row.line, 'timestamp', problem, 'sort the file by time');
}
