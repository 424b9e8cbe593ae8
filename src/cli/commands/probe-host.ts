import { availableParallelism } from 'node:os';
import { accelerators, findAccelerator } from '../../catalog/accelerators.ts';
import { probeHost, type HostTask } from '../../measure/probes/host/probe-host.ts';
import { count } from '../answer-units.ts';
import type { Command, CommandContext } from '../command.ts';
import { finishProbe } from '../finish-probe.ts';
import { durationOption, usage, wholeOption } from '../load-options.ts';
import { textValue } from '../option-values.ts';
import { probeOptions } from '../probe-options.ts';
import { probeProgress } from '../probe-progress.ts';
import { renderProbe } from '../render-probe.ts';

const ROUNDS = 10;
const MAX_THREADS = 256;

/** `tailrace probe host`: how many accelerators the CPUs of this host can prepare data for. */
export const probeHostCommand: Command = {
  name: 'probe host',
  summary: 'measure how fast this host decodes and tokenizes, against what accelerators eat',
  usage: 'tailrace probe host [options]',
  description: [
    'Decodes (zlib, as in PNG, npz and TFRecord; images of 224 x 224 x 3) and tokenizes (cl100k_base) on',
    'all threads, and says how many accelerators that feeds: images as in ResNet-50 of MLPerf Storage,',
    'tokens as in training a model of 8B parameters. zlib is native; the tokenizer is JavaScript and',
    'a lower bound of what native ones reach.',
    '',
    'Exit code: 0 done, 1 failed, 3 done and a regression against the last run.',
  ].join('\n'),
  examples: [
    'tailrace probe host',
    'tailrace probe host --accelerator a100-sxm --threads 1 --json',
  ],
  options: {
    accelerator: {
      type: 'string',
      value: 'ID',
      description: 'accelerator of the catalog to feed (default h100-sxm)',
    },
    threads: { type: 'string', value: 'N', description: 'threads (default: one a core)' },
    duration: {
      type: 'string',
      short: 'd',
      value: '5s',
      description: 'of each of the two parts, in 10 rounds (default 5s)',
    },
    ...probeOptions,
  },
  positionalsMax: 0,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, clock, stderr } = context;
  const id = textValue(values, 'accelerator') ?? 'h100-sxm';
  const accelerator = findAccelerator(id);
  if (accelerator === null) {
    const known = accelerators().map((one) => one.id);
    throw usage('accelerator', `is one of ${known.join(', ')}, not "${id}"`);
  }
  const threads = wholeOption(values, 'threads', availableParallelism(), MAX_THREADS);
  const durationMs = durationOption(values, 'duration', '5s') / ROUNDS;
  const show = probeProgress(context);
  const atMs = clock.wallMs();
  const probe = await probeHost({
    threads,
    durationMs,
    rounds: ROUNDS,
    accelerator,
    onRound: (task, round) => show(`${task}, round ${round}`),
  });
  if (stderr.isTTY) stderr.write('\r\u001B[K');
  return finishProbe(context, {
    kind: 'host',
    atMs,
    settings: { threads, durationMs, accelerator: accelerator.id },
    metrics: {
      decode: { unit: 'images/s', better: 'higher', values: probe.samples.decode },
      tokenize: { unit: 'tokens/s', better: 'higher', values: probe.samples.tokenize },
    },
    report: { threads, accelerator: accelerator.id, tasks: probe.tasks },
    text: renderProbe({
      title: `host, ${threads} threads, for ${accelerator.name}`,
      verdict: probe.tasks.map(feeds).join('; '),
      rows: probe.tasks.flatMap((one): Array<[string, string]> => [
        [one.task, `${count(one.perS)} ${one.unit}`],
        [
          '  one accelerator eats',
          `${one.demandPerS === null ? 'unknown' : count(one.demandPerS)} ${one.unit} (${one.demandBasis})`,
        ],
      ]),
      notes: [
        'the whole host works on this alone here; a training loop needs some of it for itself',
      ],
    }),
  });
}

function feeds({ task, accelerators: fed }: HostTask): string {
  if (fed === null) return `${task}: unknown how many it feeds`;
  const number = fed >= 10 ? count(fed) : fed.toFixed(1);
  return `${task} feeds ${number} accelerators`;
}
