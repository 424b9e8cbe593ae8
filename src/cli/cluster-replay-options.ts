import { placements, type PlacementName } from '../plan/cluster-replay/placement/placements.ts';
import { nearest } from '../config/nearest.ts';
import type { Option, OptionValues } from './command.ts';
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
  policy: {
    type: 'string',
    short: 'p',
    value: 'NAME,...',
    multiple: true,
    description: `policies to compare, the one in use first (default ${PUBLISHED.join(',')})`,
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
  nodesFile: string;
  podsFile: string;
  policies: PlacementName[];
  seeds: number[];
  fillTo: number;
  usdPerGpuHour: number | null;
}

/** Reads the options; TR_USAGE names the one at fault. */
export function clusterReplaySettings(values: OptionValues): ClusterReplaySettings {
  const count = wholeOption(values, 'seeds', 10, MAX_SEEDS);
  const first = wholeOption(values, 'seed', FIRST_SEED, 1_000_000_000);
  return {
    nodesFile: fileOption(values, 'nodes'),
    podsFile: fileOption(values, 'pods'),
    policies: policyNames(textValues(values, 'policy')),
    seeds: Array.from({ length: count }, (_, i) => first + i),
    fillTo: (positiveOption(values, 'fill-to', 1000) ?? 130) / 100,
    usdPerGpuHour: positiveOption(values, 'price', 100_000),
  };
}

function fileOption(values: OptionValues, name: string): string {
  const file = textValue(values, name);
  if (file !== undefined && file !== '') return file;
  throw usage(name, 'is missing: give it a FILE; see tailrace help cluster replay');
}

function policyNames(given: readonly string[]): PlacementName[] {
  const names = given.flatMap((text) => text.split(',')).map((name) => name.trim().toLowerCase());
  if (names.length === 0) return [...PUBLISHED];
  return [...new Set(names.map(policyName))];
}

function policyName(text: string): PlacementName {
  // The published results number their policies: 06-FGD.
  const name = text.replace(/^\d+-/, '');
  const known = Object.keys(placements) as PlacementName[];
  const found = known.find((one) => one === name) ?? ALIASES[name];
  if (found !== undefined) return found;
  const meant = nearest(name, known);
  const hint = meant === null ? `one of ${known.join(', ')}` : `"${meant}"`;
  throw usage('policy', `has no "${text}"; give ${hint}`);
}
