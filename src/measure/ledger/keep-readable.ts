import { checkAll, keepOnly, type TailBatch } from './journal-tail.ts';
import { isAboutData, type RecordTable } from './record-table.ts';

/**
 * Drops the lines that the table cannot read and counts them as corrupt: they must not hold up all that come after
 * them.
 */
export async function keepReadable(table: RecordTable, batch: TailBatch): Promise<void> {
  checkAll(batch);
  const good = Array.from<boolean>({ length: batch.lines.length }).fill(false);
  await findGood(table, batch.lines, 0, good);
  keepOnly(batch, good);
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
    await table.tryRead(lines);
    good.fill(true, from, from + lines.length);
  } catch (error) {
    if (!isAboutData(error)) throw error;
    if (lines.length === 1) return;
    const half = lines.length >> 1;
    await findGood(table, lines.slice(0, half), from, good);
    await findGood(table, lines.slice(half), from + half, good);
  }
}
