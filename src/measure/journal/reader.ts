import { open, type FileHandle } from 'node:fs/promises';
import { frameAt, frameHeadBytes, headerBytes, isKnownHeader, payloadBytesMax } from './frames.ts';

export interface SegmentRead {
  /** One NDJSON line each. */
  payloads: Buffer[];
  /** Where to go on. */
  nextOffset: number;
  /** Stretches of bytes that are no frames; see SPEC.md rule 6. */
  corruptFrames: number;
  /** Records that the writer had to drop, by its own account. */
  lostRecords: number;
  /** Nothing more can be read just now. */
  atEnd: boolean;
}

const recordStart = Buffer.from('{"');

/**
 * Reads whole frames from `offset` on, at most about `maxBytes` of them (but at least one frame). What is not a frame is
 * passed over, never thrown. `closed`: nobody writes this file any more, so a frame without an end is damage.
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
    const from = Math.max(offset, headerBytes);
    if (offset < headerBytes && !(await hasKnownHeader(file, size))) {
      const unreadable = size >= headerBytes;
      return {
        ...nothing,
        nextOffset: unreadable ? size : offset,
        corruptFrames: unreadable ? 1 : 0,
      };
    }
    let bytes = await readAt(file, from, Math.min(size - from, maxBytes));
    let result = readFrames(bytes, from, closed && from + bytes.length >= size);
    if (result.nextOffset === from && from + bytes.length < size) {
      // One frame is longer than the piece that was read.
      bytes = await readAt(file, from, Math.min(size - from, payloadBytesMax + frameHeadBytes));
      result = readFrames(bytes, from, closed && from + bytes.length >= size);
    }
    return { ...result, atEnd: from + bytes.length >= size };
  } finally {
    await file.close();
  }
}

const nothing = { payloads: [], corruptFrames: 0, lostRecords: 0, atEnd: true };

async function hasKnownHeader(file: FileHandle, size: number): Promise<boolean> {
  return size >= headerBytes && isKnownHeader(await readAt(file, 0, headerBytes));
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.max(0, length));
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(
      buffer,
      filled,
      buffer.length - filled,
      position + filled,
    );
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function readFrames(bytes: Buffer, base: number, isLast: boolean): Omit<SegmentRead, 'atEnd'> {
  const payloads: Buffer[] = [];
  let lostRecords = 0;
  let corruptFrames = 0;
  let at = 0;
  while (at < bytes.length) {
    const next = frameAt(bytes, at);
    if (next.kind === 'frame') {
      const lost = lostCount(next.payload);
      if (lost === null) payloads.push(next.payload);
      else lostRecords += lost;
      at = next.end;
      continue;
    }
    const resumed = next.kind === 'corrupt' || isLast ? nextFrame(bytes, at + 1) : null;
    if (resumed !== null) corruptFrames += 1;
    else if (next.kind === 'corrupt' && isLast)
      return {
        payloads,
        lostRecords,
        corruptFrames: corruptFrames + 1,
        nextOffset: base + bytes.length,
      };
    if (resumed === null) break;
    at = resumed;
  }
  return { payloads, lostRecords, corruptFrames, nextOffset: base + at };
}

/** Start of the next valid frame: a place whose length and checksum agree and whose payload is JSON. */
function nextFrame(bytes: Buffer, from: number): number | null {
  let at = bytes.indexOf(recordStart, from + frameHeadBytes);
  while (at !== -1) {
    if (frameAt(bytes, at - frameHeadBytes).kind === 'frame') return at - frameHeadBytes;
    at = bytes.indexOf(recordStart, at + 1);
  }
  return null;
}

const lossStart = '{"lost":';

/** The count of a loss frame; null for a record. */
function lostCount(payload: Buffer): number | null {
  if (payload.length > 40 || payload.toString('latin1', 0, lossStart.length) !== lossStart)
    return null;
  const count = Number.parseInt(payload.toString('latin1', lossStart.length), 10);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}
