import { open, stat } from 'node:fs/promises';
import { constants, gunzipSync } from 'node:zlib';
import { fail, ok, type Result } from '../../records/errors.ts';
import type { FileHead } from './analyzer.ts';

const HEAD_BYTES = 65_536;

/** Reads the start of a file, unpacked. Fails with TR_FILE_UNREADABLE. */
export async function readHead(name: string, path: string): Promise<Result<FileHead>> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) {
      return unreadable(name, facts.isDirectory() ? 'is a folder; name its files' : 'is no file');
    }
    const raw = await firstBytes(path);
    const gzip = raw[0] === 0x1f && raw[1] === 0x8b;
    const bytes = gzip ? unpackHead(raw) : raw;
    const text = new TextDecoder().decode(bytes);
    return ok({ name, path, sizeBytes: facts.size, gzip, bytes, text });
  } catch (error) {
    return unreadable(name, `cannot be read: ${reasonOf(error)}`);
  }
}

const unreadable = (name: string, why: string): Result<never> =>
  fail('TR_FILE_UNREADABLE', `${name}: ${why}`, { field: 'FILE' });

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** What the first packed bytes hold; a stream that ends in the middle is what one expects here. */
function unpackHead(raw: Uint8Array): Uint8Array {
  try {
    const unpacked = gunzipSync(raw, { finishFlush: constants.Z_SYNC_FLUSH });
    return unpacked.subarray(0, HEAD_BYTES);
  } catch {
    return new Uint8Array();
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message.replace(/, open '.*'$|, stat '.*'$/, '') : String(error);
