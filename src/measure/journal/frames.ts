import { crc32 } from 'node:zlib';

/**
 * Bytes of a journal file (docs/formats/journal.md): a 16-byte header, then frames of length, checksum and payload. A
 * payload is one line of JSON, so payloads one after the other are NDJSON.
 */
export const headerBytes = 16;
export const frameHeadBytes = 8;
/** A record is a few kilobytes, stored content at most 2 x 1 MiB of text; more is not a frame. */
export const payloadBytesMax = 16 * 1024 * 1024;

const magic = 'TRJL';
export const formatVersion = 1;

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

/** `incomplete`: the bytes end before the frame does, as after a kill. */
export type FrameAt =
  | { kind: 'frame'; payload: Buffer; end: number }
  | { kind: 'incomplete' | 'corrupt' };

export function frameAt(bytes: Buffer, at: number): FrameAt {
  if (at + frameHeadBytes > bytes.length) return { kind: 'incomplete' };
  const length = bytes.readUInt32LE(at);
  if (length === 0 || length > payloadBytesMax) return { kind: 'corrupt' };
  const start = at + frameHeadBytes;
  const end = start + length;
  if (end > bytes.length) return { kind: 'incomplete' };
  const payload = bytes.subarray(start, end);
  return crc32(payload) === bytes.readUInt32LE(at + 4)
    ? { kind: 'frame', payload, end }
    : { kind: 'corrupt' };
}
