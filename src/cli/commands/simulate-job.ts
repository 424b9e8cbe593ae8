import { resolve } from 'node:path';
import { runSyntheticJob } from '../../plan/training/synthetic-job/run-synthetic-job.ts';
import { usualShape } from '../../plan/training/synthetic-job/usual-shape.ts';
import { TailraceError } from '../../records/errors.ts';
import { type Command, type CommandContext, EXIT } from '../command.ts';
import { positiveOption } from '../load-options.ts';
import { textValue } from '../option-values.ts';

const MAX_RANKS = 1024;
/** FLOPs of a token of a model of eight billion parameters, forward and backward. */
const FLOPS_PER_TOKEN = 4.8e10;

/** `tailrace simulate job`: something to find losses in, for people without accelerators. */
export const simulateJob: Command = {
  name: 'simulate job',
  summary: 'a training job that trains nothing: step records, device counters, faults on demand',
  usage: 'tailrace simulate job --steps FILE [options]',
  description: [
    'Writes step records as deploy/tailrace_steps.py does, and shows its simulated accelerators on a page',
    'as dcgm-exporter does, until it is interrupted. POST /faults injects what `tailrace why` should find:',
    '{"loaderShareOfDemand": 0.6}, {"exchangeFactor": 6}, {"slowRank": {"rank": 3, "factor": 1.5}} or',
    '{"powerCapW": 350}. GET /faults says what they cost. docs/why.md has the whole drill.',
  ].join('\n'),
  examples: [
    "tailrace simulate job --steps 'steps.{rank}.jsonl'",
    "tailrace simulate job --steps 'steps.{rank}.jsonl' --name pretrain --ranks 16 --port 9400",
  ],
  options: {
    steps: {
      type: 'string',
      value: 'FILE',
      description: 'step log to append to; {rank} gives each rank its own',
    },
    name: { type: 'string', value: 'NAME', description: 'name of the job (default drill)' },
    ranks: { type: 'string', value: 'N', description: 'ranks, one accelerator each (default 8)' },
    accelerator: {
      type: 'string',
      value: 'ID',
      description: 'accelerator of the catalog (default h100-sxm)',
    },
    port: { type: 'string', value: 'PORT', description: 'port of its page (default: any free)' },
    seed: { type: 'string', value: 'N', description: 'seed of its steps (default 1)' },
  },
  positionalsMax: 0,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, cwd, clock, signal, stdout } = context;
  const steps = textValue(values, 'steps');
  if (steps === undefined) {
    throw new TailraceError('TR_USAGE', 'give --steps a file to write to', { field: 'steps' });
  }
  const name = textValue(values, 'name') ?? 'drill';
  const shape = usualShape({
    job: name,
    host: name,
    ranks: Math.ceil(positiveOption(values, 'ranks', MAX_RANKS) ?? 8),
    accelerator: textValue(values, 'accelerator') ?? 'h100-sxm',
    flopsPerToken: FLOPS_PER_TOKEN,
    seed: Math.floor(positiveOption(values, 'seed', 4_294_967_295) ?? 1),
  });
  if (!shape.ok) throw shape.error;
  const done = await runSyntheticJob({
    shape: shape.value,
    stepLog: resolve(cwd, steps),
    port: Math.floor(positiveOption(values, 'port', 65_535) ?? 0),
    clock,
    signal,
    onListen: (url) => stdout.write(`devices: ${url}/metrics\nfaults:  ${url}/faults\n`),
  });
  stdout.write(`${done.steps} steps; faults cost ${done.lostS.toFixed(1)} s of them\n`);
  return EXIT.ok;
}
