import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { findWorkload, type MlperfWorkload } from '../../measure/bench-files/mlperf-workloads.ts';
import {
  checkpointModels,
  findCheckpointModel,
} from '../../measure/probes/storage/checkpoint-models.ts';
import { planDataset } from '../../measure/probes/storage/dataset-plan.ts';
import type { DatasetStore } from '../../measure/probes/storage/dataset-store.ts';
import { planWrites, prepareDataset } from '../../measure/probes/storage/prepare-dataset.ts';
import { probeCheckpoint } from '../../measure/probes/storage/probe-checkpoint.ts';
import { probeStorage } from '../../measure/probes/storage/probe-storage.ts';
import { TailraceError } from '../../records/errors.ts';
import { count } from '../answer-units.ts';
import type { Command, CommandContext } from '../command.ts';
import { datasetPlace } from '../dataset-place.ts';
import { finishProbe } from '../finish-probe.ts';
import { durationOption, positiveOption, usage, wholeOption } from '../load-options.ts';
import { textValue } from '../option-values.ts';
import { priceOf, priceOption, probeOptions, sizeOption } from '../probe-options.ts';
import { probeProgress } from '../probe-progress.ts';
import { renderCheckpointProbe, renderStorageProbe } from '../render-storage-probe.ts';

/** Writing more than this needs --yes. */
const ASK_BYTES = 256e6;
const MAX_ACCELERATORS = 64;

/** `tailrace probe storage`: how many accelerators a storage feeds. */
export const probeStorageCommand: Command = {
  name: 'probe storage',
  summary: 'emulate accelerators that read files, and say how many this storage feeds',
  usage: 'tailrace probe storage FOLDER|s3://BUCKET/PREFIX [options]',
  description: [
    'Emulated accelerators read real files as MLPerf Storage does: batches of the workload, read ahead by',
    'the threads of its loader, computed for the time of the accelerator. Reads go past the page cache',
    'where the file system allows it. Reports AU against the threshold of the workload (90 %, cosmoflow',
    '70 %), throughput, p99 read latency and what waiting costs.',
    'Writes a data set of --size into FOLDER/tailrace-probe first; what an earlier run wrote is used',
    'again, also after a stop in the middle. llama3-8b, -70b, -405b and -1t write a checkpoint of --size',
    'with fsync, read it back and remove it (folders only). Buckets are read over HTTP by this process, with',
    'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    '',
    'Exit code: 0 done, 1 failed, 3 done and a regression against the last run.',
  ].join('\n'),
  examples: [
    'tailrace probe storage /mnt/data --workload unet3d --size 4GB --yes',
    'tailrace probe storage . --workload resnet50 --accelerators 8 --size 200MB',
    'tailrace probe storage s3://datasets/probe --endpoint http://10.0.0.5:9000 --yes',
    'tailrace probe storage /mnt/ckpt --workload llama3-8b --writers 8 --yes --json',
  ],
  options: {
    workload: {
      type: 'string',
      short: 'w',
      value: 'NAME',
      description: 'unet3d, resnet50, cosmoflow or a llama3 checkpoint (default unet3d)',
    },
    accelerator: {
      type: 'string',
      value: 'NAME',
      description: 'a100 or h100: how fast batches are computed (default h100)',
    },
    accelerators: {
      type: 'string',
      short: 'n',
      value: 'N',
      description: 'emulate so many (default: find how many are fed)',
    },
    'max-accelerators': {
      type: 'string',
      value: 'N',
      description: `largest count that is tried (default 16, at most ${MAX_ACCELERATORS})`,
    },
    size: {
      type: 'string',
      value: '1GB',
      description:
        'bytes of the data set (default 1GB); 5 times the memory where caches cannot be passed',
    },
    duration: {
      type: 'string',
      short: 'd',
      value: '15s',
      description: 'of each run, 3 steps at least (default 15s)',
    },
    'limit-mbps': {
      type: 'string',
      value: 'N',
      description: 'hold reads to N MB/s, to see what a slower storage would do',
    },
    endpoint: {
      type: 'string',
      value: 'URL',
      description: 'S3-compatible service (default $AWS_ENDPOINT_URL, else AWS in $AWS_REGION)',
    },
    writers: {
      type: 'string',
      value: 'N',
      description: 'ranks that write a checkpoint at once (default 4)',
    },
    yes: { type: 'boolean', short: 'y', description: 'write what is needed without asking' },
    clean: { type: 'boolean', description: 'remove the data set at the end' },
    ...priceOption,
    ...probeOptions,
  },
  positionalsMax: 1,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, positionals, cwd } = context;
  const [folder] = positionals;
  if (folder === undefined) {
    const message = 'probe storage needs a FOLDER; see tailrace help probe storage';
    throw new TailraceError('TR_USAGE', message, { field: 'FOLDER' });
  }
  const name = textValue(values, 'workload') ?? 'unet3d';
  const workload = findWorkload(name);
  if (workload !== null) return runReads(context, datasetPlace(context, folder), workload);
  const model = findCheckpointModel(name);
  if (model !== null) {
    if (folder.startsWith('s3:')) throw usage('workload', `${name} is written to folders only`);
    return runCheckpoint(context, resolve(cwd, folder), model);
  }
  const known = ['unet3d', 'resnet50', 'cosmoflow', ...checkpointModels.map((one) => one.name)];
  throw usage('workload', `is ${known.join(', ')}, not "${name}"`);
}

async function runReads(
  context: CommandContext,
  store: DatasetStore,
  workload: MlperfWorkload,
): Promise<number> {
  const { values, clock, signal, stderr } = context;
  const accelerator = acceleratorOf(context);
  const given = textValue(values, 'accelerators');
  const accelerators =
    given === undefined ? null : wholeOption(values, 'accelerators', 1, MAX_ACCELERATORS);
  const plan = planDataset(workload, sizeOption(values, 'size', '1GB'));
  const writes = await planWrites(store, plan);
  const fate =
    values['clean'] === true
      ? 'is removed at the end'
      : 'stays for later runs (--clean removes it)';
  announce(context, writes.bytes, writes.place, fate);
  const price = priceOf(values, accelerator);
  const limitMbPerS = positiveOption(values, 'limit-mbps', 1e6);
  const durationMs = durationOption(values, 'duration', '15s');
  const show = probeProgress(context);
  const atMs = clock.wallMs();
  try {
    await prepareDataset(store, plan, writes, {
      signal,
      onWritten: (bytes) => show(`wrote ${count(bytes / 1e6)} MB`),
    });
    const probe = await probeStorage(store, plan, clock, {
      workload,
      accelerator,
      accelerators,
      maxAccelerators: wholeOption(values, 'max-accelerators', 16, MAX_ACCELERATORS),
      durationMs,
      limitMbPerS,
      usdPerAcceleratorHour: price?.usdPerHour ?? null,
      cpuUs: () => process.cpuUsage().user + process.cpuUsage().system,
      cores: availableParallelism(),
      onRun: (n) => show(`${n} accelerators for ${durationMs / 1000} s`),
      signal,
    });
    if (stderr.isTTY) stderr.write('\r\u001B[K');
    const { samples, ...report } = probe;
    return await finishProbe(context, {
      kind: 'storage',
      atMs,
      settings: {
        path: store.place,
        workload: workload.name,
        accelerator,
        accelerators,
        limitMbPerS,
        durationMs,
        dataset: plan.name,
      },
      metrics: {
        readMs: { unit: 'ms', better: 'lower', values: samples.readMs },
        stepMbPerS: { unit: 'MB/s', better: 'higher', values: samples.stepMbPerS },
      },
      report: { ...report },
      text: renderStorageProbe(probe, store.place, price),
    });
  } finally {
    if (values['clean'] === true) await store.remove(plan);
  }
}

async function runCheckpoint(
  context: CommandContext,
  path: string,
  model: { name: string; bytes: number },
): Promise<number> {
  const { values, clock } = context;
  const accelerator = acceleratorOf(context);
  const bytes = Math.min(model.bytes, sizeOption(values, 'size', '1GB'));
  const writers = wholeOption(values, 'writers', 4, MAX_ACCELERATORS);
  announce(context, bytes, path, 'is removed at the end');
  const price = priceOf(values, accelerator);
  const accelerators = wholeOption(values, 'accelerators', writers, MAX_ACCELERATORS);
  const atMs = clock.wallMs();
  const probe = await probeCheckpoint(path, {
    model,
    bytes,
    writers,
    accelerators,
    usdPerAcceleratorHour: price?.usdPerHour ?? null,
  });
  const { samples, ...report } = probe;
  return finishProbe(context, {
    kind: 'checkpoint',
    atMs,
    settings: { path, model: model.name, bytes: probe.bytes, writers },
    metrics: {
      writeCallMs: { unit: 'ms', better: 'lower', values: samples.writeCallMs },
      readCallMs: { unit: 'ms', better: 'lower', values: samples.readCallMs },
    },
    report: { ...report },
    text: renderCheckpointProbe(probe, path, price),
  });
}

function acceleratorOf({ values }: CommandContext): 'a100' | 'h100' {
  const name = textValue(values, 'accelerator') ?? 'h100';
  if (name === 'a100' || name === 'h100') return name;
  throw usage('accelerator', `is a100 or h100, not "${name}"`);
}

/** Says what will be written; more than a little is not written without --yes. */
function announce(
  { values, stderr }: CommandContext,
  bytes: number,
  place: string,
  after: string,
): void {
  if (bytes === 0) return;
  const size = `${count(bytes / 1e6)} MB`;
  if (bytes > ASK_BYTES && values['yes'] !== true) {
    const message = `would write ${size} into ${place}; it ${after}; give --yes to let it, or a smaller --size`;
    throw new TailraceError('TR_PROBE_UNCONFIRMED', message, { field: 'yes' });
  }
  stderr.write(`writes ${size} into ${place}; it ${after}\n`);
}
