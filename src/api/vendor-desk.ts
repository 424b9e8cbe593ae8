import type { VendorStore } from '../govern/vendors/vendor-store.ts';
import type { VendorFile } from '../govern/vendors/vendor-file.ts';
import { TailraceError } from '../records/errors.ts';
import type { ControlDeps } from './deps.ts';

/** The store of vendors; TR_STATE_MISSING where none is open. */
export function vendorsOf({ vendors }: ControlDeps): VendorStore {
  if (vendors !== undefined) return vendors;
  const message = 'no instance runs to keep vendors; use `tailrace vendor`';
  throw new TailraceError('TR_STATE_MISSING', message);
}

/** One vendor with its history; TR_NOT_FOUND. */
export async function vendorFileOf(store: VendorStore, id: string): Promise<VendorFile> {
  const file = await store.file(id);
  if (file !== null) return file;
  throw new TailraceError('TR_NOT_FOUND', `there is no vendor "${id}"`, { field: 'id' });
}
