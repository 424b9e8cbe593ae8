/** Writes, or reads back, one shard of a checkpoint. */
export interface ShardJob {
  task: 'write' | 'read';
  path: string;
  bytes: number;
}

export interface ShardReply {
  /** From the first call to the end of fsync (write) or of the last read. */
  totalMs: number;
  /** Milliseconds of each call of 4 MiB. */
  callMs: number[];
  /** Read past the page cache. */
  direct: boolean;
  error: string | null;
}

declare const WebAssembly: { Memory: new (pages: { initial: number }) => { buffer: ArrayBuffer } };

/**
 * Runs in a thread of its own, from its source text: it may use nothing from outside itself. Writes go
 * through the page cache and end with fsync, as `torch.save` with MLPerf's `fsync: True` does; reads
 * go past it where the file system allows.
 */
export function shardWorker(): (job: ShardJob) => ShardReply {
  const { closeSync, constants, fsyncSync, openSync, readSync, writeSync } =
    process.getBuiltinModule('node:fs');
  const { randomFillSync } = process.getBuiltinModule('node:crypto');
  const callBytes = 4 * 1_048_576;
  const memory = new WebAssembly.Memory({ initial: callBytes / 65_536 });
  const buffer = randomFillSync(new Uint8Array(memory.buffer));

  const openShard = ({ task, path }: ShardJob): { file: number; direct: boolean } => {
    if (task === 'write') return { file: openSync(path, 'w'), direct: false };
    try {
      return { file: openSync(path, constants.O_RDONLY | constants.O_DIRECT), direct: true };
    } catch {
      return { file: openSync(path, 'r'), direct: false };
    }
  };

  return (job) => {
    const callMs: number[] = [];
    const beganMs = performance.now();
    try {
      const { file, direct } = openShard(job);
      for (let at = 0; at < job.bytes; at += callBytes) {
        const callBeganMs = performance.now();
        if (job.task === 'read') readSync(file, buffer, 0, callBytes, at);
        else {
          // Each call's first bytes differ, so that no two blocks of a shard are the same.
          buffer.set([at & 255, (at >> 8) & 255, (at >> 16) & 255, (at / 16_777_216) & 255]);
          writeSync(file, buffer, 0, callBytes, at);
        }
        callMs.push(performance.now() - callBeganMs);
      }
      if (job.task === 'write') fsyncSync(file);
      const totalMs = performance.now() - beganMs;
      closeSync(file);
      return { totalMs, callMs, direct, error: null };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { totalMs: 0, callMs, direct: false, error: reason };
    }
  };
}
