import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readSlurm } from '../../measure/sources/schedulers/read-slurm.ts';
import { systemAccessIo } from '../../measure/sources/schedulers/system-access-io.ts';
import {
  replayRecorded,
  type RecordedReplay,
} from '../../plan/cluster-replay/queue/replay-recorded.ts';
import { replayFill, type FillReplay } from '../../plan/cluster-replay/replay-fill.ts';
import type { RunWatch } from '../../plan/cluster-replay/run-watch.ts';
import type { ClusterNode } from '../../records/cluster-trace/cluster-node.ts';
import type { ClusterPod } from '../../records/cluster-trace/cluster-pod.ts';
import { TailraceError } from '../../records/errors.ts';
import { readNodes } from '../../records/cluster-trace/read-nodes.ts';
import { readPods } from '../../records/cluster-trace/read-pods.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import {
  clusterReplayOptions,
  clusterReplaySettings,
  type ClusterReplaySettings,
} from '../cluster-replay-options.ts';
import { renderClusterFill } from '../render-cluster-fill.ts';
import { renderClusterQueue } from '../render-cluster-queue.ts';

/** `tailrace cluster replay`: a cluster's trace under other scheduling policies. */
export const clusterReplay: Command = {
  name: 'cluster replay',
  summary:
    'replay a cluster trace under scheduling policies: allocation, fragments, waiting, money',
  usage: 'tailrace cluster replay --nodes FILE --pods FILE [options]',
  description: [
    'Two questions. Shuffled arrivals that never leave, until requests reach 130 % of the cards: how',
    'far does each placement fill the cluster, and what stays free but useless? (random, first-fit,',
    'best-fit, dot-product, clustering, packing, fgd)',
    'Recorded arrivals and departures: who waits, and what does idle time cost? (any placement, and',
    'fifo, shortest-job, fair-share, gang-backfill, preemptive-priority; whole-cards, mps and mig for',
    'how parts of a card are granted)',
    'Gains are against the first policy named, paired over the seeds, with a 95 % interval.',
    '--nodes is a list with sn,cpu_milli,memory_mib,gpu,model; --pods an OpenB pod list, a CSV of',
    'jobs (job,submit_s,gpus,duration_s,user,...) or the output of sacct -P; --slurm asks this machine.',
    '',
    'Exit code: 0 done, 1 a file cannot be read or the run was stopped, 2 wrong usage.',
  ].join('\n'),
  examples: [
    'tailrace cluster replay --nodes nodes.csv --pods pods.csv',
    'tailrace cluster replay --nodes nodes.csv --pods pods.csv --policy best-fit,fgd --seeds 20 --json',
    'tailrace cluster replay --nodes nodes.csv --pods pods.csv --policy random,fgd --price 2',
    'tailrace cluster replay --nodes nodes.csv --pods jobs.csv --policy fifo,gang-backfill --seeds 3',
    'tailrace cluster replay --slurm 30d --policy fifo,shortest-job,gang-backfill --price 2',
  ],
  options: clusterReplayOptions,
  positionalsMax: 0,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const settings = clusterReplaySettings(context.values, context.clock.wallMs());
  const { nodes, pods } = await readTrace(context, settings.from);
  const { seeds, usdPerGpuHour, mode } = settings;
  const shared = { nodes, pods, seeds, usdPerGpuHour };
  const result =
    mode.arrivals === 'shuffled'
      ? await replayFill({ ...shared, ...mode }, watch(context))
      : await replayRecorded({ ...shared, ...mode }, watch(context));
  if (context.stderr.isTTY) context.stderr.write('\r\u001B[K');
  if (!result.ok) throw result.error;
  if (result.value === null) {
    context.stderr.write('stopped before the end: no result\n');
    return EXIT.failed;
  }
  context.stdout.write(shown(context, result.value));
  return EXIT.ok;
}

function shown({ values, stdout }: CommandContext, replay: FillReplay | RecordedReplay): string {
  if (values['json'] === true) return `${JSON.stringify(replay, null, 2)}\n`;
  return replay.arrivals === 'shuffled'
    ? renderClusterFill(replay, stdout.columns)
    : renderClusterQueue(replay);
}

async function readTrace(
  context: CommandContext,
  from: ClusterReplaySettings['from'],
): Promise<{ nodes: ClusterNode[]; pods: ClusterPod[] }> {
  if (from.kind === 'files') {
    const nodes = readWith(context, from.nodes, 'nodes', readNodes);
    return { nodes, pods: readWith(context, from.pods, 'pods', readPods).pods };
  }
  const read = await readSlurm(systemAccessIo(context.env), from.sinceS);
  if (!read.ok) throw read.error;
  return { nodes: read.value.nodes, pods: read.value.jobs };
}

/** Reads a file whole; TR_TRACE_INVALID then names the file before line and field. */
function readWith<T>(
  { cwd }: CommandContext,
  file: string,
  option: string,
  read: (text: string) => T,
): T {
  try {
    return read(readFileSync(resolve(cwd, file), 'utf8'));
  } catch (error) {
    if (error instanceof TailraceError) {
      const field = error.field === null ? {} : { field: error.field };
      throw new TailraceError(error.code, `${file}: ${error.message}`, field);
    }
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${file}: cannot be read: ${reason}; give --${option} a file`;
    throw new TailraceError('TR_TRACE_INVALID', message, { field: option });
  }
}

/** A line on the terminal once the runs take more than a second. */
function watch({ stderr, clock, signal }: CommandContext): RunWatch {
  const startMs = clock.monoMs();
  return {
    signal,
    onRun: (done, total, name) => {
      if (!stderr.isTTY || clock.monoMs() - startMs < 1000) return;
      stderr.write(`\r\u001B[K${done} of ${total} runs, now ${name}`);
    },
  };
}
