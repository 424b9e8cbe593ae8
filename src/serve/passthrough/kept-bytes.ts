/** Sizes are this times a power of two. */
const smallestBytes = 16_384;
/** Most memory that lies ready for the next streams. */
const spareBytesMax = 16_777_216;

const spares = new Map<number, Buffer[]>();
let spareBytes = 0;

function take(size: number): Buffer {
  const spare = spares.get(size)?.pop();
  if (spare === undefined) return Buffer.allocUnsafeSlow(size);
  spareBytes -= size;
  return spare;
}

function giveBack(buffer: Buffer): void {
  if (spareBytes + buffer.length > spareBytesMax) return;
  const ofSize = spares.get(buffer.length);
  if (ofSize === undefined) spares.set(buffer.length, [buffer]);
  else ofSize.push(buffer);
  spareBytes += buffer.length;
}

/**
 * What is kept of one stream, in memory that the next one uses again. Kept chunk by chunk it would outlive the young
 * generation, a megabyte a second for a hundred streams, and small Buffers pin the 64 KiB that Node cuts them from.
 */
export class KeptBytes {
  #buffer: Buffer | null = null;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    const buffer = this.#roomFor(length);
    chunk.copy(buffer, this.#length);
    this.#length = length;
  }

  /** Lets go of the first `bytes`. */
  drop(bytes: number): void {
    this.#buffer?.copyWithin(0, bytes, this.#length);
    this.#length -= bytes;
  }

  /** The last `bytes` of it, all when it has fewer, as text. */
  text(bytes = this.#length): string {
    const from = Math.max(0, this.#length - bytes);
    return this.#buffer?.toString('utf8', from, this.#length) ?? '';
  }

  /** Gives the memory back; nothing is kept from then on. */
  release(): void {
    if (this.#buffer !== null) giveBack(this.#buffer);
    this.#buffer = null;
    this.#length = 0;
  }

  #roomFor(length: number): Buffer {
    const old = this.#buffer;
    if (old !== null && length <= old.length) return old;
    let size = old?.length ?? smallestBytes;
    while (size < length) size *= 2;
    const buffer = take(size);
    old?.copy(buffer, 0, 0, this.#length);
    if (old !== null) giveBack(old);
    this.#buffer = buffer;
    return buffer;
  }
}
