import { checkAll, keepOnly, type TailBatch } from './journal-tail.ts';
import type { RecordTable } from './record-table.ts';

/**
 * Adds a batch to the buffer, all of it or, when this throws, none. A line that the table cannot read
 * is counted as corrupt and dropped: it must not hold up all that come after it.
 */
export async function loadBatch(table: RecordTable, batch: TailBatch): Promise<void> {
  if (batch.lines.length === 0) return;
  try {
    return await table.load(batch.lines);
  } catch (error) {
    if (!isAboutData(error)) throw error;
  }
  checkAll(batch);
  const good = Array.from<boolean>({ length: batch.lines.length }).fill(false);
  await findGood(table, batch.lines, 0, good);
  keepOnly(batch, good);
  if (batch.lines.length > 0) await table.load(batch.lines);
}

/** Halves what the table refuses until the lines at fault are alone. */
async function findGood(
  table: RecordTable,
  lines: readonly Buffer[],
  from: number,
  good: boolean[],
): Promise<void> {
  if (lines.length === 0) return;
  try {
    await table.tryLoad(lines);
    good.fill(true, from, from + lines.length);
  } catch (error) {
    if (!isAboutData(error)) throw error;
    if (lines.length === 1) return;
    const half = lines.length >> 1;
    await findGood(table, lines.slice(0, half), from, good);
    await findGood(table, lines.slice(half), from + half, good);
  }
}

/** DuckDB refuses the text or a value in it. Memory and disk are other errors, and are tried again. */
const isAboutData = (error: unknown): boolean =>
  /Malformed JSON|Conversion Error|Invalid Input Error/.test(String(error));
