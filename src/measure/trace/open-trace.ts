import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { TailraceError } from '../../records/errors.ts';

/** Unpacked in pieces of this size: larger ones would not make it faster, and cost memory. */
const CHUNK_BYTES = 512 * 1024;

interface TraceFile {
  name: string;
  path: string;
  gzip: boolean;
}

/**
 * Bytes of a file, unpacked when it is gzip. `onRead` hears of bytes read from disk. Throws
 * TR_TRACE_TRUNCATED and TR_TRACE_INVALID for broken packing, TR_FILE_UNREADABLE for the disk and
 * when `signal` aborts.
 */
export async function* openTrace(
  { name, path, gzip }: TraceFile,
  onRead: (bytes: number) => void = () => undefined,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = createReadStream(path, {
    highWaterMark: CHUNK_BYTES,
    ...(signal === undefined ? {} : { signal }),
  });
  source.on('data', (chunk) => onRead(chunk.length));
  const unpack = gzip ? createGunzip({ chunkSize: CHUNK_BYTES }) : null;
  if (unpack !== null) source.on('error', (error) => unpack.destroy(error));
  try {
    yield* unpack === null ? source : source.pipe(unpack);
  } catch (error) {
    throw explain(name, error);
  } finally {
    source.destroy();
    unpack?.destroy();
  }
}

function explain(name: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const options = { field: 'FILE', cause: error };
  if (code === 'Z_BUF_ERROR') {
    const message = `${name}: the gzip stream ends in the middle; copy the file again`;
    return new TailraceError('TR_TRACE_TRUNCATED', message, options);
  }
  if (typeof code === 'string' && code.startsWith('Z_')) {
    const message = `${name}: the gzip stream is damaged; copy the file again`;
    return new TailraceError('TR_TRACE_INVALID', message, options);
  }
  if (typeof code === 'string' && error instanceof Error) {
    return new TailraceError('TR_FILE_UNREADABLE', `${name}: ${error.message}`, options);
  }
  return error;
}
