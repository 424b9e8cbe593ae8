import { parseTrainingPlan } from '../../plan/training/parse-training-plan.ts';
import { trainingReport } from '../../plan/training/training-report.ts';
import { keepPlan } from '../keep-plan.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { usage } from '../load-options.ts';
import { option, optionTable, planSource, readNumber, readWord } from '../plan-input.ts';
import { renderTraining } from '../render-training.ts';

/** `300B`, `15T`, `1e12` or plain digits. */
function readTokens(text: string, name: string): number {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)(e\d{1,2}|[MBT])?$/.exec(text);
  const [, digits = '', scale = ''] = match ?? [];
  const factor = { M: 1e6, B: 1e9, T: 1e12 }[scale] ?? Number(`1${scale}`);
  if (match !== null) return Number(digits) * factor;
  throw usage(name, `takes a count of tokens such as 300B, 15T or 1e12, not "${text}"`);
}

const readInterval = (text: string, name: string): number | string =>
  text === 'best' ? text : readNumber(text, name);

const planOptions = {
  model: option('train.model', 'NAME', 'model of the catalog', readWord),
  accelerator: option('train.accelerator', 'NAME', 'accelerator of the catalog', readWord),
  accelerators: option('train.accelerators', 'N', 'how many'),
  tokens: option('train.tokens', 'N', 'tokens of the whole run, as 300B or 15T', readTokens),
  'sequence-tokens': option('train.sequenceTokens', 'N', 'tokens of a sequence (default 4096)'),
  'global-batch': option('train.globalBatchSequences', 'N', 'sequences of one step'),
  'micro-batch': option('train.microBatchSequences', 'N', 'sequences of a micro-batch (default 1)'),
  precision: option('train.precision', 'NAME', 'bf16 or fp8 (default bf16)', readWord),
  recompute: option(
    'train.recompute',
    'NAME',
    'activations: none, selective or full (default selective)',
    readWord,
  ),
  tensor: option('train.parallel.tensor', 'N', 'tensor parallelism (default 1)'),
  pipeline: option('train.parallel.pipeline', 'N', 'pipeline stages (default 1)'),
  expert: option('train.parallel.expert', 'N', 'expert parallelism (default 1)'),
  'share-of-peak': option(
    'train.compute.shareOfPeak',
    'N',
    'measured share of peak FLOP/s of the kernels, 0 to 1',
  ),
  'data-share': option(
    'train.data.shareOfDemand',
    'N',
    'what the data loaders deliver of what the accelerators eat, as 0.6',
  ),
  'data-tokens-per-s': option(
    'train.data.tokensPerS',
    'N',
    'what the data loaders deliver, all together',
  ),
  'checkpoint-gb-per-s': option(
    'train.checkpoint.storageGbPerS',
    'N',
    'what the checkpoint storage takes',
  ),
  'checkpoint-mode': option('train.checkpoint.mode', 'NAME', 'sync or async', readWord),
  'checkpoint-minutes': option(
    'train.checkpoint.intervalMinutes',
    'N|best',
    'work between checkpoints (default best, by simulation)',
    readInterval,
  ),
  'mtbf-hours': option(
    'train.failures.mtbfHoursPerAccelerator',
    'N',
    'mean time between failures of one accelerator',
  ),
  'restart-minutes': option('train.failures.restartMinutes', 'N', 'time to restart (default 15)'),
  oversubscription: option(
    'train.network.oversubscription',
    'N',
    'of the network between nodes (default 1)',
  ),
  'usd-per-hour': option(
    'train.usdPerAcceleratorHour',
    'N',
    'price of one accelerator-hour (default: catalog median)',
  ),
  pue: option('train.power.pue', 'N', 'facility energy over IT energy (default 1: IT only)'),
  seed: option('train.seed', 'N', 'seed of failures (default 1)'),
};

/** `tailrace plan train`: what a training run takes, and what its money goes to. */
export const planTrain: Command = {
  name: 'plan train',
  summary: 'simulate a training run: time, cost, energy, and what share is lost to each cause',
  usage: 'tailrace plan train [PLAN] [options]',
  description: [
    'PLAN is a YAML file with a `train` section; options stand for its fields and win over it. The step is worked',
    'out from arithmetic, exchange over the topology, pipeline bubble, data loading and stragglers; the run is',
    'simulated with checkpoints and failures. Shows where accelerator time and money go, adding up to 100 %,',
    'and what each change would save. Same plan and seed, same result.',
  ].join('\n'),
  examples: [
    'tailrace plan train --model llama-3.1-8b --accelerator h100-sxm --accelerators 64 --tokens 1T --global-batch 512 --data-share 0.6',
    'tailrace plan train --model llama-3.1-70b --accelerator h100-sxm --accelerators 1024 --tokens 15T --global-batch 1024 --tensor 8 --pipeline 4 --checkpoint-gb-per-s 100 --mtbf-hours 50000 --json',
  ],
  options: {
    ...optionTable(planOptions),
    json: { type: 'boolean', description: 'print the result as JSON' },
  },
  positionalsMax: 1,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, stdout, stderr } = context;
  const setup = parseTrainingPlan(planSource(context, planOptions));
  if (!setup.ok) throw setup.error;
  if (stderr.isTTY) stderr.write(`simulating ${setup.value.plan.runs} runs, and each change\n`);
  const report = trainingReport(setup.value);
  if (!report.ok) throw report.error;
  await keepPlan(context, { kind: 'train', result: report.value });
  stdout.write(
    values['json'] === true
      ? `${JSON.stringify(report.value, null, 2)}\n`
      : renderTraining(report.value),
  );
  return EXIT.ok;
}
