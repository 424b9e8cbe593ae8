import { createRandom } from '../../plan/core/random.ts';
import { syntheticArrivals, type Shape } from '../../plan/load/arrivals.ts';
import { TailraceError } from '../../records/errors.ts';
import type { Command, CommandContext } from '../command.ts';
import {
  durationOption,
  LOAD_CAPS,
  loadOptions,
  positiveOption,
  rangeOption,
  usage,
  wholeOption,
} from '../load-options.ts';
import { textValue } from '../option-values.ts';
import { runLoad } from '../run-load.ts';

/** `tailrace load`: synthetic requests at a rate. */
export const load: Command = {
  name: 'load',
  summary: 'send synthetic requests at a rate and compare the result with the ledger',
  usage: 'tailrace load --rps N [options]',
  description: [
    'Sends streamed chats open loop: arrivals do not wait for replies, and latency counts from the moment a',
    'request was due. Same seed, same arrivals and lengths. Shapes: poisson (independent arrivals), gamma',
    '(gaps of coefficient of variation --cv: below 1 smoother, above 1 clumped) and burst (groups of --burst',
    'at once).',
  ].join('\n'),
  examples: [
    'tailrace load --rps 20 --duration 2m',
    'tailrace load --rps 50 --shape gamma --cv 2 --input-tokens 200-4000 --output-tokens 50-400',
  ],
  options: {
    rps: {
      type: 'string',
      short: 'r',
      value: 'N',
      description: 'arrivals per second, in the mean',
    },
    duration: {
      type: 'string',
      short: 'd',
      value: '60s',
      description: 'how long arrivals come (default 60s, at most 24h)',
    },
    shape: {
      type: 'string',
      value: 'NAME',
      description: 'poisson, gamma or burst (default poisson)',
    },
    cv: {
      type: 'string',
      value: 'N',
      description: 'coefficient of variation of gamma gaps (default 2)',
    },
    burst: { type: 'string', value: 'N', description: 'requests per burst (default 10)' },
    'input-tokens': {
      type: 'string',
      value: 'N|A-B',
      description: 'prompt tokens, or a range drawn from evenly (default 512)',
    },
    'output-tokens': {
      type: 'string',
      value: 'N|A-B',
      description: 'reply tokens, or a range drawn from evenly (default 128)',
    },
    seed: { type: 'string', value: 'N', description: 'seed of arrivals and lengths (default 1)' },
    limit: {
      type: 'string',
      short: 'n',
      value: 'N',
      description: 'requests at most (default and most 1000000)',
    },
    ...loadOptions,
  },
  positionalsMax: 0,
  run,
};

const MAX_CV = 20;
const MAX_BURST = 10_000;
const MAX_SEED = 999_999_999;

async function run(context: CommandContext): Promise<number> {
  const { values } = context;
  const ratePerS = positiveOption(values, 'rps', LOAD_CAPS.ratePerS);
  if (ratePerS === null) {
    throw new TailraceError('TR_USAGE', 'load needs --rps N; see tailrace help load', {
      field: 'rps',
    });
  }
  const durationMs = durationOption(values, 'duration', '60s');
  const maxRequests = wholeOption(values, 'limit', LOAD_CAPS.requests, LOAD_CAPS.requests);
  const rows = syntheticArrivals({
    ratePerS,
    durationMs,
    shape: shapeOf(context),
    inputTokens: rangeOption(values, 'input-tokens', { min: 512, max: 512 }),
    outputTokens: rangeOption(values, 'output-tokens', { min: 128, max: 128 }),
    random: createRandom(wholeOption(values, 'seed', 1, MAX_SEED)),
  });
  const expected = Math.min(maxRequests, Math.round((ratePerS * durationMs) / 1000));
  // The duration bounds arrivals itself; the general bound must not cut it short.
  const bound = { 'max-duration': textValue(values, 'max-duration') ?? '24h' };
  return runLoad(
    { ...context, values: { ...values, ...bound } },
    { kind: 'load', rows, expected, speed: 1, maxRequests },
  );
}

function shapeOf({ values }: CommandContext): Shape {
  const kind = textValue(values, 'shape') ?? 'poisson';
  const cv = positiveOption(values, 'cv', MAX_CV);
  const burst = textValue(values, 'burst');
  if (cv !== null && kind !== 'gamma') throw usage('cv', 'goes with --shape gamma');
  if (burst !== undefined && kind !== 'burst') throw usage('burst', 'goes with --shape burst');
  switch (kind) {
    case 'poisson':
      return { kind };
    case 'gamma':
      return { kind, variation: cv ?? 2 };
    case 'burst':
      return { kind, size: wholeOption(values, 'burst', 10, MAX_BURST) };
    default:
      throw usage('shape', `is poisson, gamma or burst, not "${kind}"`);
  }
}
