import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { TailraceError } from '../../records/errors.ts';
import type { Timeline } from './timeline.ts';

/** `TRTL` in little-endian ASCII; see docs/formats/timeline.md. */
const MAGIC = 0x4c545254;
const VERSION = 1;
const PREFIX_BYTES = 16;
/** A bound for what a damaged file may ask to unpack. */
const MAX_UNPACKED_BYTES = 4 * 1024 ** 3 - 1;

/** Bytes a row takes unpacked: three float64, one int32, one uint8. */
const ROW_BYTES = 29;

type Head = Omit<Timeline, 'startUs' | 'durationUs' | 'name' | 'category' | 'correlation'> & {
  rows: number;
};

/** A timeline as bytes: a prefix, the head as JSON, the columns; each of the last two as one zstd frame. */
export function encodeTimeline(timeline: Timeline): Uint8Array {
  const { startUs, durationUs, name, category, correlation, ...rest } = timeline;
  const head: Head = { ...rest, rows: startUs.length };
  const json = zstdCompressSync(Buffer.from(JSON.stringify(head)));
  const columns = Buffer.alloc(head.rows * ROW_BYTES);
  let at = 0;
  for (const column of [startUs, durationUs, correlation, name, category]) {
    columns.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += column.byteLength;
  }
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32LE(MAGIC, 0);
  prefix.writeUInt32LE(VERSION, 4);
  prefix.writeUInt32LE(json.length, 8);
  return Buffer.concat([prefix, json, zstdCompressSync(columns)]);
}

/** Reads what `encodeTimeline` wrote. Throws TR_TRACE_INVALID, naming `file`. */
export function decodeTimeline(bytes: Buffer, file: string): Timeline {
  if (bytes.length < PREFIX_BYTES || bytes.readUInt32LE(0) !== MAGIC) throw damaged(file);
  if (bytes.readUInt32LE(4) !== VERSION) throw damaged(file, 'is of another version');
  const jsonEnd = PREFIX_BYTES + bytes.readUInt32LE(8);
  try {
    const maxOutputLength = MAX_UNPACKED_BYTES;
    const json = zstdDecompressSync(bytes.subarray(PREFIX_BYTES, jsonEnd), { maxOutputLength });
    // Written by `encodeTimeline` alone, and whole: zstd frames and the length below vouch for it.
    const { rows, ...head } = JSON.parse(json.toString()) as Head;
    const columns = zstdDecompressSync(bytes.subarray(jsonEnd), { maxOutputLength });
    if (columns.length !== rows * ROW_BYTES) throw damaged(file);
    // A copy of its own, so that columns of 8 bytes stand on multiples of 8.
    const { buffer } = Uint8Array.from(columns);
    return {
      ...head,
      startUs: new Float64Array(buffer, 0, rows),
      durationUs: new Float64Array(buffer, rows * 8, rows),
      correlation: new Float64Array(buffer, rows * 16, rows),
      name: new Int32Array(buffer, rows * 24, rows),
      category: new Uint8Array(buffer, rows * 28, rows),
    };
  } catch (error) {
    if (error instanceof TailraceError) throw error;
    throw damaged(file);
  }
}

const damaged = (file: string, why = 'is damaged'): TailraceError =>
  new TailraceError('TR_TRACE_INVALID', `${file}: the kept timeline ${why}; send the trace again`);
