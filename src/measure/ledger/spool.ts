import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Unsealed records as NDJSON on disk, in files that DuckDB reads. `close` ends a file, so that what came before is
 * whole and is read once; nothing here outlives its process.
 */
export class Spool {
  readonly #dir: string;
  readonly #fileBytesMax: number;
  readonly #closed: string[] = [];
  #open: { path: string; fd: number; bytes: number } | null = null;
  /** Of the longest line. */
  lineBytesMax = 0;

  /** A file ends with the lines that take it beyond `fileBytesMax`. */
  constructor(dir: string, fileBytesMax: number) {
    this.#dir = dir;
    this.#fileBytesMax = fileBytesMax;
  }

  /** Adds lines with their newlines; all of them or, when it throws, none. */
  append(lines: readonly Buffer[]): void {
    if (lines.length === 0) return;
    this.#open ??= this.#next();
    const { fd, bytes } = this.#open;
    const text = Buffer.concat(lines);
    try {
      for (let at = 0; at < text.length;) {
        at += writeSync(fd, text, at, text.length - at, bytes + at);
      }
    } catch (error) {
      ftruncateSync(fd, bytes);
      throw error;
    }
    this.#open.bytes = bytes + text.length;
    for (const { length } of lines) if (length > this.lineBytesMax) this.lineBytesMax = length;
    if (this.#open.bytes > this.#fileBytesMax) this.close();
  }

  /** All files so far, in order; what is appended from now on goes into another one. */
  close(): readonly string[] {
    if (this.#open !== null) {
      closeSync(this.#open.fd);
      this.#closed.push(this.#open.path);
      this.#open = null;
    }
    return this.#closed;
  }

  clear(): void {
    for (const path of this.close()) rmSync(path, { force: true });
    this.#closed.length = 0;
    this.lineBytesMax = 0;
  }

  #next(): { path: string; fd: number; bytes: number } {
    const path = join(this.#dir, `spool-${this.#closed.length}.ndjson`);
    return { path, fd: openSync(path, 'w', 0o600), bytes: 0 };
  }
}
