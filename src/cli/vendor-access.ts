import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { openGovernanceDb } from '../govern/evidence/governance-db.ts';
import type { VendorFile } from '../govern/vendors/vendor-file.ts';
import { openVendorStore, type VendorStore } from '../govern/vendors/vendor-store.ts';
import { TailraceError } from '../records/errors.ts';
import type { CommandContext } from './command.ts';
import { stateDirOf } from './state-dir.ts';

/**
 * Runs with the vendors of the state folder. An instance may run on it at the same time: SQLite lets one write and
 * the other wait.
 */
export async function withVendors<T>(
  context: CommandContext,
  use: (store: VendorStore) => Promise<T>,
): Promise<T> {
  const db = await openGovernanceDb(stateDirOf(context));
  try {
    return await use(await openVendorStore(db, context.clock));
  } finally {
    await db.destroy();
  }
}

/** Files of the vendors named; of all when none is. Throws TR_NOT_FOUND. */
export async function filesOf(store: VendorStore, ids: readonly string[]): Promise<VendorFile[]> {
  if (ids.length === 0) return store.files();
  return Promise.all(ids.map((id) => fileOf(store, id)));
}

export async function fileOf(store: VendorStore, id: string): Promise<VendorFile> {
  const file = await store.file(id);
  if (file !== null) return file;
  const known = (await store.list()).map((one) => one.id);
  const have = known.length === 0 ? 'there is none yet' : `there are ${known.join(', ')}`;
  const message = `there is no vendor "${id.slice(0, 63)}"; ${have}`;
  throw new TailraceError('TR_NOT_FOUND', message, { field: 'VENDOR' });
}

/** Text of a file of at most `maxBytes`; TR_FILE_UNREADABLE or TR_BODY_TOO_LARGE. */
export function textOfFile({ cwd }: CommandContext, file: string, maxBytes: number): string {
  const path = resolve(cwd, file);
  try {
    const { size } = statSync(path);
    if (size > maxBytes) {
      const message = `${file} has ${size} bytes, at most ${maxBytes} are read`;
      throw new TailraceError('TR_BODY_TOO_LARGE', message, { field: 'FILE' });
    }
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof TailraceError) throw cause;
    const reason = cause instanceof Error ? cause.message : 'unknown reason';
    throw new TailraceError('TR_FILE_UNREADABLE', reason, { field: 'FILE', cause });
  }
}

/** The positional argument at a place; TR_USAGE names it when it is missing. */
export function argument(
  context: CommandContext,
  at: number,
  name: string,
  command: string,
): string {
  const value = context.positionals[at];
  if (value !== undefined) return value;
  const message = `${command} needs ${name}; see tailrace help ${command}`;
  throw new TailraceError('TR_USAGE', message, { field: name });
}
