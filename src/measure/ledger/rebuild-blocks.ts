import { join } from 'node:path';
import type { Catalogue } from './catalogue.ts';
import { MinuteCells } from './cell-store.ts';
import { recordFromRow } from './columns.ts';
import { quote, recordsSql, type RecordTable } from './record-table.ts';
import { rollupBlocks, type Block } from './rollup-blocks.ts';

/**
 * Makes the rollups of a catalogue of format 1 anew from the records of its segments. What is older than the records
 * are kept has none afterwards.
 */
export async function rebuildBlocks(parts: {
  catalogue: Catalogue;
  table: RecordTable;
  segmentDir: string;
  topTenants: number;
}): Promise<void> {
  const { catalogue, table, segmentDir, topTenants } = parts;
  const blocks: Block[] = [];
  for (const segment of catalogue.segments()) {
    if (segment.rows === 0) continue;
    const file = quote(join(segmentDir, segment.file));
    const cells = new MinuteCells(topTenants * 10);
    for (const row of await table.rows(recordsSql(`read_parquet(${file})`), []))
      cells.add(recordFromRow(row));
    blocks.push(...rollupBlocks(cells, topTenants));
  }
  catalogue.replaceBlocks(blocks, topTenants);
}
