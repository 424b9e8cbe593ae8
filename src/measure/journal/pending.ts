import { frameHeadBytes, payloadBytesMax, writeFrame } from './frames.ts';

/** Frames that go to the disk together. `done`: bytes of it that are written already. */
export interface Group {
  buffer: Buffer;
  length: number;
  done: number;
  records: number;
  ids: string[];
}

export interface PendingOptions {
  /** Size of the buffers that are kept for the next groups, bytes. */
  bufferBytes: number;
  /** Most bytes that may wait for the disk. */
  bytesMax: number;
  keepIds: boolean;
}

const sparesMax = 2;

/**
 * What waits for the disk: sealed groups, oldest first, and an open one that grows. Bounded by
 * bytesMax of frames; buffers are used again. Cost of `add`: about 1 us for a record of 1 kB.
 */
export class PendingGroups {
  readonly #options: PendingOptions;
  readonly #sealed: Group[] = [];
  readonly #spares: Buffer[] = [];
  #open: Group | null = null;
  #bytes = 0;
  #records = 0;

  constructor(options: PendingOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get records(): number {
    return this.#records;
  }

  /** Bytes in the group that still grows. */
  get openBytes(): number {
    return this.#open?.length ?? 0;
  }

  /** False, and nothing kept, when the line is too long for a frame or too much waits already. */
  add(line: string, id: string): boolean {
    const { bytesMax, keepIds } = this.#options;
    const payloadBytes = Buffer.byteLength(line);
    const frameBytes = frameHeadBytes + payloadBytes;
    if (payloadBytes > payloadBytesMax || this.#bytes + frameBytes > bytesMax) return false;
    const group = this.#roomFor(frameBytes);
    this.#write(group, line);
    group.records += 1;
    this.#records += 1;
    if (keepIds) group.ids.push(id);
    return true;
  }

  /** A frame that is no record. It is a group of its own, so that it is written at most once. */
  addNote(line: string): void {
    this.seal();
    this.#write(this.#roomFor(frameHeadBytes + Buffer.byteLength(line)), line);
    this.seal();
  }

  /** Closes the open group: what is added from now on goes into another. */
  seal(): void {
    if (this.#open === null) return;
    this.#sealed.push(this.#open);
    this.#open = null;
  }

  /** The oldest sealed group; it stays until it is released. */
  first(): Group | null {
    return this.#sealed[0] ?? null;
  }

  /** Drops the oldest sealed group: it is on the disk, or given up. */
  release(): void {
    const group = this.#sealed.shift();
    if (group === undefined) return;
    this.#bytes -= group.length;
    this.#records -= group.records;
    const isUsual = group.buffer.length === this.#options.bufferBytes;
    if (isUsual && this.#spares.length < sparesMax) this.#spares.push(group.buffer);
  }

  #write(group: Group, line: string): void {
    const end = writeFrame(group.buffer, group.length, line);
    this.#bytes += end - group.length;
    group.length = end;
  }

  #roomFor(frameBytes: number): Group {
    if (this.#open !== null && this.#open.length + frameBytes <= this.#open.buffer.length) {
      return this.#open;
    }
    this.seal();
    const { bufferBytes } = this.#options;
    const buffer =
      frameBytes > bufferBytes
        ? Buffer.allocUnsafeSlow(frameBytes)
        : (this.#spares.pop() ?? Buffer.allocUnsafeSlow(bufferBytes));
    this.#open = { buffer, length: 0, done: 0, records: 0, ids: [] };
    return this.#open;
  }
}
