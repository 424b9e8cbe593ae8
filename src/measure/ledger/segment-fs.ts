import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The disk as sealing needs it; tests hand in one that fails. */
export interface SegmentFs {
  /** Makes a written file and its name durable. */
  publish(temporary: string, path: string): void;
  sizeOf(path: string): number;
  list(dir: string): string[];
  remove(path: string): void;
}

export const realSegmentFs: SegmentFs = {
  publish(temporary, path) {
    const file = openSync(temporary, 'r');
    fsyncSync(file);
    closeSync(file);
    renameSync(temporary, path);
    const folder = openSync(dirname(path), 'r');
    fsyncSync(folder);
    closeSync(folder);
  },
  sizeOf: (path) => statSync(path).size,
  list: (dir) => readdirSync(dir),
  remove: (path) => rmSync(path, { force: true }),
};
