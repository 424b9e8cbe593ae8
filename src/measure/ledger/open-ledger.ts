import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/schema.ts';
import type { Clock } from '../../records/clock.ts';
import { Catalogue, lockState } from './catalogue.ts';
import { LedgerCore } from './ledger-core.ts';
import type { Ledger } from './ledger.ts';
import { rebuildBlocks } from './rebuild-blocks.ts';
import { RecordTable } from './record-table.ts';
import { realSegmentFs, type SegmentFs } from './segment-fs.ts';

export interface LedgerOptions {
  /** State folder; journals are expected in its `journal` folder. */
  dir: string;
  config: Config['ledger'];
  clock: Clock;
  /** For tests of full disks and crashes. */
  fs?: SegmentFs;
}

/**
 * Opens the ledger for its one owner and takes in what the journals hold beyond the last seal. Throws TR_STATE_LOCKED when
 * another process owns it.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { dir } = options;
  mkdirSync(join(dir, 'segments'), { recursive: true, mode: 0o700 });
  const unlock = lockState(join(dir, 'ledger.lock'));
  let catalogue: Catalogue | null = null;
  try {
    catalogue = new Catalogue(join(dir, 'catalogue.db'), { readOnly: false });
    const tempDir = join(dir, 'tmp');
    return await openCore(options, { catalogue, tempDir, readOnly: false, unlock });
  } catch (error) {
    catalogue?.close();
    unlock();
    throw error;
  }
}

/** The part that both ways of opening share. */
export async function openCore(
  options: LedgerOptions,
  parts: { catalogue: Catalogue; tempDir: string; readOnly: boolean; unlock: () => void },
): Promise<LedgerCore> {
  const { tempDir, ...rest } = parts;
  const table = await RecordTable.open(tempDir, options.config.memoryMiB);
  try {
    if (!rest.readOnly && rest.catalogue.blocksAreDue()) {
      const segmentDir = join(options.dir, 'segments');
      const { topTenants } = options.config;
      await rebuildBlocks({ catalogue: rest.catalogue, table, segmentDir, topTenants });
    }
    const core = new LedgerCore({ ...options, ...rest, table, fs: options.fs ?? realSegmentFs });
    await core.catchUp();
    return core;
  } catch (error) {
    table.close();
    throw error;
  }
}
