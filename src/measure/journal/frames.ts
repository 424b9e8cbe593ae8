import { crc32 } from 'node:zlib';

/**
 * Bytes of a journal file (docs/formats/journal.md): a 16-byte header, then frames of length,
 * checksum and payload. A payload is one line of JSON, so payloads put together are NDJSON.
 */
export const headerBytes = 16;
export const frameHeadBytes = 8;

/**
 * Longer is neither written nor believed. It keeps the last byte of a length below 0x20, which JSON
 * text never holds but for its newline: inside a payload nothing looks like the head of a frame.
 */
export const payloadBytesMax = 16 * 1024 * 1024;
const payloadBytesMin = 3;

const magic = 'TRJL';
export const formatVersion = 1;
export const newline = 0x0a;
export const brace = 0x7b;

export function fileHeader(): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write(magic, 0, 'latin1');
  header.writeUInt16LE(formatVersion, 4);
  return header;
}

/** True for a header that this version can read. */
export const isKnownHeader = (header: Buffer): boolean =>
  header.length >= headerBytes &&
  header.toString('latin1', 0, 4) === magic &&
  header.readUInt16LE(4) === formatVersion;

/** Writes length and checksum of the payload that already stands behind them. */
export function sealFrame(buffer: Buffer, at: number, payloadBytes: number): void {
  const start = at + frameHeadBytes;
  buffer.writeUInt32LE(payloadBytes, at);
  buffer.writeUInt32LE(crc32(buffer.subarray(start, start + payloadBytes)), at + 4);
}

/** Appends one frame; resolves to the end of it. The caller has made room. */
export function writeFrame(buffer: Buffer, at: number, line: string): number {
  const payloadBytes = buffer.write(line, at + frameHeadBytes, 'utf8');
  sealFrame(buffer, at, payloadBytes);
  return at + frameHeadBytes + payloadBytes;
}

/** `incomplete`: the bytes end before the frame does, as after a kill; `end`: where it would end. */
export type FrameAt =
  | { kind: 'frame'; payload: Buffer; end: number }
  | { kind: 'incomplete'; end: number | null }
  | { kind: 'corrupt'; end: number | null };

export function frameAt(bytes: Buffer, at: number): FrameAt {
  if (at + frameHeadBytes > bytes.length) return { kind: 'incomplete', end: null };
  const length = bytes.readUInt32LE(at);
  if (length < payloadBytesMin || length > payloadBytesMax) return { kind: 'corrupt', end: null };
  const start = at + frameHeadBytes;
  const end = start + length;
  if (start < bytes.length && bytes[start] !== brace) return { kind: 'corrupt', end };
  if (end > bytes.length) return { kind: 'incomplete', end };
  const payload = bytes.subarray(start, end);
  const isWhole =
    bytes[end - 1] === newline && crc32(payload) === bytes.readUInt32LE(at + frameHeadBytes - 4);
  return isWhole ? { kind: 'frame', payload, end } : { kind: 'corrupt', end };
}

const lossStart = '{"lost":';
const lossForm = /^\{"lost":(\d{1,15})\}\n$/;

/** The line by which a writer owns up to records that it had to drop. */
export const lossLine = (records: number): string => `${lossStart}${records}}\n`;

/** The count of a loss frame; null for a record (no record has a member `lost`). */
export function lostCount(payload: Buffer): number | null {
  if (payload.length > 32 || payload.toString('latin1', 0, lossStart.length) !== lossStart) {
    return null;
  }
  const count = lossForm.exec(payload.toString('latin1'))?.[1];
  return count === undefined ? null : Number(count);
}
