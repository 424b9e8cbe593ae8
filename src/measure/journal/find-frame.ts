import type { FileHandle } from 'node:fs/promises';
import { frameAt, frameHeadBytes, headerBytes, newline } from './frames.ts';

/** Candidates that one search checks in full before it gives the rest of the file up. */
const candidatesMax = 4096;
const windowBytes = 1_048_576;

/** `whole`: a frame with the right checksum; `tail`: a frame may begin here but has not ended yet. */
export interface FoundFrame {
  at: number;
  kind: 'whole' | 'tail';
}

/**
 * The next place after damage where reading can go on (SPEC.md J6): every frame but the first
 * follows a newline, so only the bytes after newlines are looked at, and `hint`, where the damaged
 * frame's own length says that the next one is. A whole frame wins over a tail. Null: there is none.
 * Cost: one pass over the bytes; every search ends at the end of the file.
 */
export async function findFrame(
  file: FileHandle,
  from: number,
  size: number,
  hint: number | null = null,
): Promise<FoundFrame | null> {
  let tail: FoundFrame | null = null;
  let checked = 0;
  for await (const at of candidates(file, from, size)) {
    if (hint !== null && hint < at) {
      const kind = await kindAt(file, hint, size);
      if (kind === 'whole') return { at: hint, kind };
      if (kind === 'tail') tail ??= { at: hint, kind };
      hint = null;
    }
    const kind = await kindAt(file, at, size);
    if (kind === 'whole') return { at, kind };
    if (kind === 'tail') tail ??= { at, kind };
    checked += 1;
    if (checked >= candidatesMax) return null;
  }
  if (hint === null || hint > size) return tail;
  const kind = await kindAt(file, hint, size);
  return kind === 'whole' || (kind === 'tail' && tail === null) ? { at: hint, kind } : tail;
}

/** Places from `from` to `size` that follow a newline, and the end of the file header. */
async function* candidates(file: FileHandle, from: number, size: number): AsyncGenerator<number> {
  if (from <= headerBytes) yield headerBytes;
  for (let at = from - 1; at < size; at += windowBytes) {
    const bytes = await readAt(file, at, Math.min(windowBytes, size - at));
    for (let i = bytes.indexOf(newline); i !== -1; i = bytes.indexOf(newline, i + 1)) {
      if (at + i + 1 > headerBytes) yield at + i + 1;
    }
  }
}

async function kindAt(
  file: FileHandle,
  at: number,
  size: number,
): Promise<FoundFrame['kind'] | 'none'> {
  const head = await readAt(file, at, Math.min(frameHeadBytes + 1, Math.max(0, size - at)));
  const guess = frameAt(head, 0);
  if (guess.kind === 'corrupt') return 'none';
  if (guess.end === null || at + guess.end > size) return 'tail';
  const whole = frameAt(await readAt(file, at, guess.end), 0);
  return whole.kind === 'frame' ? 'whole' : 'none';
}

/** Up to `length` bytes; fewer where the file ends sooner. */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.max(0, length));
  let filled = 0;
  while (filled < buffer.length) {
    const room = buffer.length - filled;
    const { bytesRead } = await file.read(buffer, filled, room, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
