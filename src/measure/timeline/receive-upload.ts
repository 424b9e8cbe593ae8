import { open, rm } from 'node:fs/promises';
import { TailraceError } from '../../records/errors.ts';

/**
 * Writes a body to a file piece by piece and returns its size. Throws TR_BODY_TOO_LARGE beyond
 * `maxBytes` and TR_BODY_INVALID for an empty or broken-off body; nothing is left on disk then.
 */
export async function receiveUpload(
  body: AsyncIterable<Uint8Array>,
  path: string,
  maxBytes: number,
): Promise<number> {
  const file = await open(path, 'wx', 0o600);
  let bytes = 0;
  try {
    for await (const piece of body) {
      bytes += piece.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      await file.writeFile(piece);
    }
    if (bytes === 0) {
      throw new TailraceError('TR_BODY_INVALID', 'the body is empty; send the trace file');
    }
    return bytes;
  } catch (cause) {
    await rm(path, { force: true });
    if (cause instanceof TailraceError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TailraceError('TR_BODY_INVALID', `the trace did not come whole: ${reason}`, {
      cause,
    });
  } finally {
    await file.close();
  }
}

/** Before it is read, where the length is declared; and while it is. */
export const tooLarge = (maxBytes: number): TailraceError =>
  new TailraceError(
    'TR_BODY_TOO_LARGE',
    `the trace exceeds ${maxBytes} bytes (traces.maxUploadBytes); send it as gzip, or profile fewer steps`,
  );
