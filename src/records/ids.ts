import { randomFillSync } from 'node:crypto';

const pool = new Uint8Array(4096);
let offset = pool.length;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A UUID version 7 (RFC 9562 section 5.7): 48 bits of Unix milliseconds, then 74 random bits,
 * so ids sort by time to the millisecond and the ledger can skip segments by id range.
 */
export function newId(wallMs: number): string {
  if (offset + 10 > pool.length) {
    randomFillSync(pool);
    offset = 0;
  }
  const r = (i: number): number => pool[offset + i] ?? 0;
  const hex = (byte: number): string => HEX[byte & 0xff] ?? '00';
  const time = Math.floor(wallMs).toString(16).padStart(12, '0');
  const id =
    `${time.slice(0, 8)}-${time.slice(8, 12)}-${hex(0x70 | (r(0) & 0x0f))}${hex(r(1))}-` +
    `${hex(0x80 | (r(2) & 0x3f))}${hex(r(3))}-${hex(r(4))}${hex(r(5))}${hex(r(6))}${hex(r(7))}` +
    `${hex(r(8))}${hex(r(9))}`;
  offset += 10;
  return id;
}
