declare const WebAssembly: { Memory: new (pages: { initial: number }) => { buffer: ArrayBuffer } };

/** Read `length` bytes from `offset` of a file. */
export interface ReadJob {
  path: string;
  offset: number;
  length: number;
}

export interface ReadReply {
  bytes: number;
  /** Milliseconds of each read call. */
  readMs: number[];
  error: string | null;
}

/**
 * Runs in a thread of its own, from its source text: it may use nothing from outside itself. Reads
 * in calls of at most 1 MiB; direct reads begin and end on 4 KiB, the surplus is not counted.
 */
export function readWorker({ direct }: { direct: boolean }): (job: ReadJob) => ReadReply {
  const { closeSync, constants, openSync, readSync } = process.getBuiltinModule('node:fs');
  const callBytes = 1_048_576;
  const block = 4096;
  // Page-aligned, see aligned-buffer.ts.
  const memory = new WebAssembly.Memory({ initial: callBytes / 65_536 });
  const buffer = new Uint8Array(memory.buffer);
  const open = new Map<string, number>();

  const fileOf = (path: string): number => {
    const known = open.get(path);
    if (known !== undefined) return known;
    const oldest = open.keys().next().value;
    if (open.size >= 32 && oldest !== undefined) {
      closeSync(open.get(oldest) ?? -1);
      open.delete(oldest);
    }
    const file = openSync(path, constants.O_RDONLY | (direct ? constants.O_DIRECT : 0));
    open.set(path, file);
    return file;
  };

  return ({ path, offset, length }) => {
    const readMs: number[] = [];
    try {
      const end = offset + length;
      let at = direct ? offset - (offset % block) : offset;
      while (at < end) {
        const left = direct ? Math.ceil((end - at) / block) * block : end - at;
        const beganMs = performance.now();
        const got = readSync(fileOf(path), buffer, 0, Math.min(callBytes, left), at);
        readMs.push(performance.now() - beganMs);
        if (got === 0) return { bytes: 0, readMs, error: 'ends before its size' };
        at += got;
      }
      return { bytes: length, readMs, error: null };
    } catch (error) {
      return { bytes: 0, readMs, error: error instanceof Error ? error.message : String(error) };
    }
  };
}
