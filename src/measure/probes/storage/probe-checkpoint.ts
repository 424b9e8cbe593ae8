import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TailraceError } from '../../../records/errors.ts';
import { quantile } from '../evidence/quantile.ts';
import { startSelfContained, type SelfContained } from '../self-contained-worker.ts';
import type { CheckpointModel } from './checkpoint-models.ts';
import { shardWorker, type ShardJob, type ShardReply } from './shard-worker.ts';

const CALL_BYTES = 4 * 1_048_576;

export interface CheckpointOptions {
  model: CheckpointModel;
  /** Bytes of all shards together, instead of the model's own. */
  bytes: number;
  /** Ranks that write at once. */
  writers: number;
  usdPerAcceleratorHour: number | null;
  /** Accelerators that wait while a checkpoint is written; for the money. */
  accelerators: number;
}

/** A checkpoint written and read back. GB are 1e9 bytes; the slowest rank decides, as in MLPerf. */
export interface CheckpointProbe {
  model: string;
  bytes: number;
  writers: number;
  writeS: number;
  readS: number;
  writeGbPerS: number;
  readGbPerS: number;
  writeCallP99Ms: number;
  /** At these rates, for the model's whole checkpoint: modelled. */
  fullWriteS: number;
  fullReadS: number;
  /** Accelerators wait while it is written (a synchronous checkpoint); null without a price. */
  usdPerCheckpoint: number | null;
  readCache: 'bypassed' | 'possible';
  samples: { writeCallMs: number[]; readCallMs: number[] };
}

/** Writes `bytes` (a multiple of 4 MiB a shard) under `folder`, reads them back and removes them. */
export async function probeCheckpoint(
  folder: string,
  options: CheckpointOptions,
): Promise<CheckpointProbe> {
  const { model, writers } = options;
  const shardBytes = Math.max(1, Math.round(options.bytes / writers / CALL_BYTES)) * CALL_BYTES;
  const bytes = shardBytes * writers;
  const dir = join(folder, 'tailrace-probe', `${model.name}-${process.pid}`);
  const workers = Array.from({ length: writers }, () =>
    startSelfContained<ShardJob, ShardReply, null>(shardWorker, null),
  );
  try {
    await mkdir(dir, { recursive: true });
    const written = await all(workers, dir, 'write', shardBytes);
    const readBack = await all(workers, dir, 'read', shardBytes);
    return report(options, bytes, written, readBack);
  } catch (error) {
    if (error instanceof TailraceError) throw error;
    throw failed(folder, error instanceof Error ? error.message : String(error));
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
    await rm(dir, { recursive: true, force: true });
  }
}

async function all(
  workers: ReadonlyArray<SelfContained<ShardJob, ShardReply>>,
  dir: string,
  task: ShardJob['task'],
  bytes: number,
): Promise<ShardReply[]> {
  const replies = await Promise.all(
    workers.map((worker, rank) => worker.ask({ task, path: join(dir, `rank-${rank}.pt`), bytes })),
  );
  const broken = replies.find((reply) => reply.error !== null);
  if (broken !== undefined) throw failed(dir, broken.error ?? '');
  return replies;
}

function report(
  { model, writers, accelerators, usdPerAcceleratorHour }: CheckpointOptions,
  bytes: number,
  written: readonly ShardReply[],
  readBack: readonly ShardReply[],
): CheckpointProbe {
  const slowestS = (replies: readonly ShardReply[]): number =>
    Math.max(...replies.map((one) => one.totalMs)) / 1000;
  const writeS = slowestS(written);
  const readS = slowestS(readBack);
  const writeCallMs = written.flatMap((one) => one.callMs);
  const fullWriteS = (model.bytes / bytes) * writeS;
  const usdPerS =
    usdPerAcceleratorHour === null ? null : (accelerators * usdPerAcceleratorHour) / 3600;
  return {
    model: model.name,
    bytes,
    writers,
    writeS,
    readS,
    writeGbPerS: bytes / 1e9 / writeS,
    readGbPerS: bytes / 1e9 / readS,
    writeCallP99Ms: quantile(writeCallMs, 0.99) ?? 0,
    fullWriteS,
    fullReadS: (model.bytes / bytes) * readS,
    usdPerCheckpoint: usdPerS === null ? null : usdPerS * fullWriteS,
    readCache: readBack.every((one) => one.direct) ? 'bypassed' : 'possible',
    samples: { writeCallMs, readCallMs: readBack.flatMap((one) => one.callMs) },
  };
}

const failed = (place: string, reason: string): TailraceError =>
  new TailraceError(
    'TR_PROBE_FAILED',
    `${place}: ${reason}; give a folder that exists, may be written to and has room`,
    { field: 'PATH' },
  );
