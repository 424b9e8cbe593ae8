import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TailraceError } from '../../records/errors.ts';
import { Catalogue } from './catalogue.ts';
import type { LedgerReader } from './ledger.ts';
import { openCore, type LedgerOptions } from './open-ledger.ts';

/**
 * Opens the ledger of a folder that nobody runs, without changing it. Throws TR_STATE_MISSING when
 * there is none.
 */
export async function openLedgerReadOnly(options: LedgerOptions): Promise<LedgerReader> {
  const path = join(options.dir, 'catalogue.db');
  if (!existsSync(path)) {
    throw new TailraceError(
      'TR_STATE_MISSING',
      `${options.dir} holds no ledger; start Tailrace once with \`tailrace up\``,
    );
  }
  return openCore(options, {
    catalogue: new Catalogue(path, { readOnly: true }),
    tempDir: mkdtempSync(join(tmpdir(), 'tailrace-ledger-')),
    readOnly: true,
    unlock: () => {},
  });
}
