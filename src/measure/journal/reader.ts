import { open, type FileHandle } from 'node:fs/promises';
import { findFrame, readAt } from './find-frame.ts';
import { frameAt, frameHeadBytes, headerBytes, isKnownHeader, lostCount } from './frames.ts';

export interface SegmentRead {
  /** One NDJSON line each, in the order of writing. They share memory: copy what is kept. */
  payloads: Buffer[];
  /** Where in the file each payload's frame ends. */
  ends: number[];
  /** Where to go on. */
  nextOffset: number;
  /** Stretches of bytes that are no frames (SPEC.md J6). */
  corruptFrames: number;
  /** Records that the writer had to drop, by its own account. */
  lostRecords: number;
  /** Nothing more can be read just now. */
  atEnd: boolean;
}

/** A piece is never smaller than this, so that a head of a frame is always whole in it. */
const pieceBytesMin = 4096;

/**
 * Reads whole frames from `offset` on: about `maxBytes` of them, at least one where there is one.
 * What is not a frame is passed over and counted, never thrown; errors of the file system are
 * thrown. `closed`: nobody writes this file any more, so a tail without an end is passed over too.
 * Cost: about 0.3 us a record, and one pass over what is damaged.
 */
export async function readSegment(
  path: string,
  offset: number,
  maxBytes: number,
  closed = false,
): Promise<SegmentRead> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (offset >= headerBytes) return await readPiece({ file, size, closed }, offset, maxBytes);
    if (size < headerBytes)
      return { ...nothing(), nextOffset: closed ? size : offset, atEnd: true };
    if (isKnownHeader(await readAt(file, 0, headerBytes))) {
      return await readPiece({ file, size, closed }, headerBytes, maxBytes);
    }
    return await passOver({ file, size, closed }, nothing(), headerBytes);
  } finally {
    await file.close();
  }
}

interface Source {
  file: FileHandle;
  size: number;
  closed: boolean;
}

type Taken = Omit<SegmentRead, 'nextOffset' | 'atEnd'>;
const nothing = (): Taken => ({ payloads: [], ends: [], corruptFrames: 0, lostRecords: 0 });

async function readPiece(source: Source, from: number, maxBytes: number): Promise<SegmentRead> {
  const { file } = source;
  let { size } = source;
  if (from >= size) return { ...nothing(), nextOffset: from, atEnd: true };
  const wanted = Math.min(size - from, Math.max(maxBytes, pieceBytesMin));
  const bytes = await readAt(file, from, wanted);
  // Somebody cut the file meanwhile.
  if (bytes.length < wanted) size = from + bytes.length;
  const taken = nothing();
  let at = 0;
  let next = frameAt(bytes, at);
  while (next.kind === 'frame') {
    const lost = lostCount(next.payload);
    if (lost === null) {
      taken.payloads.push(next.payload);
      taken.ends.push(from + next.end);
    } else taken.lostRecords += lost;
    at = next.end;
    next = frameAt(bytes, at);
  }
  const stop = from + at;
  if (next.kind === 'corrupt') return passOver(source, taken, stop + 1);
  if (stop >= size) return { ...taken, nextOffset: size, atEnd: true };
  if (from + bytes.length < size) {
    // The piece ends inside a frame: go on there, in one larger piece if the frame is the first.
    if (at > 0) return { ...taken, nextOffset: stop, atEnd: false };
    if (next.end !== null && from + next.end <= size) return readPiece(source, from, next.end);
  }
  return atTail(source, taken, stop);
}

/** A frame that runs past the end of the file: its end is yet to come, or its length is damaged. */
async function atTail(source: Source, taken: Taken, stop: number): Promise<SegmentRead> {
  const { file, size, closed } = source;
  const found = size - stop > frameHeadBytes ? await findFrame(file, stop + 1, size) : null;
  if (found?.kind === 'whole') {
    const corruptFrames = taken.corruptFrames + 1;
    return { ...taken, corruptFrames, nextOffset: found.at, atEnd: false };
  }
  return { ...taken, nextOffset: closed ? size : stop, atEnd: true };
}

/** Counts the damage before `from` as one and stops where reading can go on. */
async function passOver(source: Source, taken: Taken, from: number): Promise<SegmentRead> {
  const { file, size, closed } = source;
  const found = await findFrame(file, from, size);
  const corruptFrames = taken.corruptFrames + 1;
  const isWhole = found?.kind === 'whole';
  const nextOffset = found === null || (closed && !isWhole) ? size : found.at;
  return { ...taken, corruptFrames, nextOffset, atEnd: !isWhole };
}
