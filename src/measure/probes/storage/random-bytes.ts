import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 16 * 1_048_576;

/**
 * Bytes that neither compress nor repeat, at memory speed: windows of a random pool, each marked with
 * its number in every 4 KiB, so that storage that removes duplicates finds none.
 */
export function createRandomBytes(): (buffer: Uint8Array) => void {
  const pool = randomFillSync(Buffer.allocUnsafe(POOL_BYTES));
  let serial = pool.readUInt32LE(0);
  return (buffer) => {
    const view = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    for (let at = 0; at < view.length; at += POOL_BYTES) pool.copy(view, at);
    for (let at = 0; at + 8 <= view.length; at += 4096) {
      serial = (serial + 1) >>> 0;
      view.writeUInt32LE(serial, at);
      view.writeUInt32LE(at >>> 0, at + 4);
    }
  };
}
