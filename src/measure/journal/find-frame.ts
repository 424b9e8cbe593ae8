import type { FileHandle } from 'node:fs/promises';
import { brace, frameAt, frameHeadBytes, newline } from './frames.ts';

/** Candidates whose checksum one search computes before it gives the rest of the file up. */
const candidatesMax = 4096;
const windowBytes = 1_048_576;
const headAndBrace = frameHeadBytes + 1;

/** `whole`: a frame with the right checksum; `tail`: a frame may begin here but has not ended yet. */
export interface FoundFrame {
  at: number;
  kind: 'whole' | 'tail';
}

/**
 * The next place from `from` on where reading can go on after damage (SPEC.md J6): a head of a
 * frame is eight bytes before a `{` whose length is possible, and inside JSON text there is none.
 * A whole frame wins over a tail. Null: there is neither. Cost: one pass over the bytes, at most
 * `candidatesMax` checksums; it ends at the end of the file.
 */
export async function findFrame(
  file: FileHandle,
  from: number,
  size: number,
): Promise<FoundFrame | null> {
  let tail: FoundFrame | null = null;
  let checked = 0;
  for (let base = from; base + headAndBrace <= size; base += windowBytes - headAndBrace + 1) {
    const bytes = await readAt(file, base, Math.min(windowBytes, size - base));
    for (const { at, end } of heads(bytes)) {
      if (base + end > size) {
        tail ??= { at: base + at, kind: 'tail' };
        continue;
      }
      const whole = frameAt(await readAt(file, base + at, end - at), 0);
      if (whole.kind === 'frame') return { at: base + at, kind: 'whole' };
      checked += 1;
      if (checked >= candidatesMax) return null;
    }
  }
  return tail ?? lastHead(file, from, size);
}

/** Places that could be the head of a frame, by its length and its first byte. */
function* heads(bytes: Buffer): Generator<{ at: number; end: number }> {
  let found = bytes.indexOf(brace, frameHeadBytes);
  for (; found !== -1; found = bytes.indexOf(brace, found + 1)) {
    const at = found - frameHeadBytes;
    const guess = frameAt(bytes.subarray(0, found + 1), at);
    if (guess.kind === 'incomplete' && guess.end !== null) yield { at, end: guess.end };
  }
}

/** A frame of which not more than the head is there begins after the newline of the one before. */
async function lastHead(file: FileHandle, from: number, size: number): Promise<FoundFrame | null> {
  const base = Math.max(from - 1, size - headAndBrace);
  const found = (await readAt(file, base, size - base)).indexOf(newline);
  return found === -1 ? null : { at: base + found + 1, kind: 'tail' };
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
