import { placements, type PlacementName } from '../plan/cluster-replay/placement/placements.ts';
import {
  queuePolicyNames,
  type QueuePolicyName,
} from '../plan/cluster-replay/queue/queue-policy.ts';
import { nearest } from '../config/nearest.ts';
import type { Option, OptionValues } from './command.ts';
import { parseTime } from './time-window.ts';
import { positiveOption, usage, wholeOption } from './load-options.ts';
import { textValue, textValues } from './option-values.ts';

/** The six policies of the published comparison, in its order. */
const PUBLISHED: readonly PlacementName[] = [
  'random',
  'dot-product',
  'clustering',
  'packing',
  'best-fit',
  'fgd',
];

/** What is compared when arrivals are the recorded ones: the plainest line first. */
const OF_THE_LINE: readonly QueuePolicyName[] = [
  'fifo',
  'shortest-job',
  'fair-share',
  'best-fit',
  'fgd',
  'gang-backfill',
];

/** Names that the published results and other tools use for a policy. */
const ALIASES: Readonly<Record<string, PlacementName>> = {
  dotprod: 'dot-product',
  dotproduct: 'dot-product',
  gpuclustering: 'clustering',
  gpupacking: 'packing',
  bestfit: 'best-fit',
  firstfit: 'first-fit',
};

const MAX_SEEDS = 1000;
const FIRST_SEED = 42;

export const clusterReplayOptions = {
  nodes: { type: 'string', value: 'FILE', description: 'the machines (CSV)' },
  pods: { type: 'string', value: 'FILE', description: 'the pods or jobs (CSV, or sacct -P)' },
  slurm: {
    type: 'string',
    value: 'SINCE',
    description: "in place of both files: this machine's sinfo and sacct, jobs since, as 30d",
  },
  policy: {
    type: 'string',
    short: 'p',
    value: 'NAME,...',
    multiple: true,
    description: `policies to compare, the one in use first (default ${PUBLISHED.join(',')})`,
  },
  arrivals: {
    type: 'string',
    value: 'HOW',
    description: 'shuffled or recorded (default: recorded when a policy of the line is named)',
  },
  load: {
    type: 'string',
    value: 'N',
    description: 'recorded arrivals N times as close together (default 1)',
  },
  seeds: { type: 'string', value: 'N', description: 'runs of each policy (default 10)' },
  seed: { type: 'string', value: 'N', description: `first seed (default ${FIRST_SEED})` },
  'fill-to': {
    type: 'string',
    value: 'PCT',
    description: 'requests at which shuffled arrivals stop, in percent of the cards (default 130)',
  },
  price: { type: 'string', value: 'USD', description: 'what one card costs an hour' },
  json: { type: 'boolean', description: 'print every point as JSON' },
} as const satisfies Record<string, Option>;

export interface ClusterReplaySettings {
  from: { kind: 'files'; nodes: string; pods: string } | { kind: 'slurm'; sinceS: number };
  seeds: number[];
  usdPerGpuHour: number | null;
  mode:
    | { arrivals: 'shuffled'; policies: PlacementName[]; fillTo: number }
    | { arrivals: 'recorded'; policies: QueuePolicyName[]; load: number };
}

/** Reads the options; TR_USAGE names the one at fault. */
export function clusterReplaySettings(values: OptionValues, nowMs: number): ClusterReplaySettings {
  const count = wholeOption(values, 'seeds', 10, MAX_SEEDS);
  const first = wholeOption(values, 'seed', FIRST_SEED, 1_000_000_000);
  return {
    from: replaySource(values, nowMs),
    seeds: Array.from({ length: count }, (_, i) => first + i),
    usdPerGpuHour: positiveOption(values, 'price', 100_000),
    mode: replayMode(values),
  };
}

function replayMode(values: OptionValues): ClusterReplaySettings['mode'] {
  const policies = policyNames(textValues(values, 'policy'));
  const ofTheLine = policies.find((name) => !isPlacement(name));
  const arrivals =
    textValue(values, 'arrivals') ?? (ofTheLine === undefined ? 'shuffled' : 'recorded');
  if (arrivals === 'recorded') {
    const load = positiveOption(values, 'load', 1_000_000) ?? 1;
    return { arrivals, policies: policies.length === 0 ? [...OF_THE_LINE] : policies, load };
  }
  if (arrivals !== 'shuffled')
    throw usage('arrivals', `takes shuffled or recorded, not "${arrivals}"`);
  if (ofTheLine !== undefined) {
    const problem = `"${ofTheLine}" orders a line, and shuffled arrivals have none`;
    throw usage('policy', `${problem}; give --arrivals recorded or another policy`);
  }
  const fillTo = (positiveOption(values, 'fill-to', 1000) ?? 130) / 100;
  const placing = policies.filter(isPlacement);
  return { arrivals, policies: placing.length === 0 ? [...PUBLISHED] : placing, fillTo };
}

const isPlacement = (name: QueuePolicyName): name is PlacementName => name in placements;

function replaySource(values: OptionValues, nowMs: number): ClusterReplaySettings['from'] {
  const since = textValue(values, 'slurm');
  if (since === undefined) {
    return { kind: 'files', nodes: fileOption(values, 'nodes'), pods: fileOption(values, 'pods') };
  }
  const time = parseTime(since, nowMs);
  if (!time.ok) throw usage('slurm', time.error.message);
  return { kind: 'slurm', sinceS: time.value / 1000 };
}

function fileOption(values: OptionValues, name: string): string {
  const file = textValue(values, name);
  if (file !== undefined && file !== '') return file;
  throw usage(name, 'is missing: give it a FILE; see tailrace help cluster replay');
}

function policyNames(given: readonly string[]): QueuePolicyName[] {
  const names = given.flatMap((text) => text.split(',')).map((name) => name.trim().toLowerCase());
  return [...new Set(names.map(policyName))];
}

function policyName(text: string): QueuePolicyName {
  // The published results number their policies: 06-FGD.
  const name = text.replace(/^\d+-/, '');
  const found = queuePolicyNames.find((one) => one === name) ?? ALIASES[name];
  if (found !== undefined) return found;
  const meant = nearest(name, queuePolicyNames);
  const hint = meant === null ? `one of ${queuePolicyNames.join(', ')}` : `"${meant}"`;
  throw usage('policy', `has no "${text}"; give ${hint}`);
}
