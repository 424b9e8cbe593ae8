/**
 * Pods placed a second by each placement policy: `node bench/cluster-replay.ts [--nodes FILE
 * --pods FILE] [--seeds N]`, by default on the small copy of OpenB under test/fixtures. On the whole
 * cluster (1,213 nodes) the bound is 650 pods/s for every policy, 100 times what the published simulator
 * did on such a machine. Prints JSON; exit code 1 below the bound.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fillCluster } from '../src/plan/cluster-replay/fill-cluster.ts';
import { placements, type PlacementName } from '../src/plan/cluster-replay/placement/placements.ts';
import { shapePods } from '../src/plan/cluster-replay/pod-shape.ts';
import { targetWorkload } from '../src/plan/cluster-replay/target-workload.ts';
import { readNodes } from '../src/records/cluster-trace/read-nodes.ts';
import { readPods } from '../src/records/cluster-trace/read-pods.ts';

const LEAST_PODS_PER_S = 650;
const FIXTURES = join(import.meta.dirname, '../test/fixtures/openb');

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: join(FIXTURES, 'nodes.csv') },
    pods: { type: 'string', default: join(FIXTURES, 'pods.csv') },
    seeds: { type: 'string', default: '1' },
    tiny: { type: 'boolean', default: false },
  },
});

const nodes = readNodes(readFileSync(values.nodes, 'utf8'));
const pods = shapePods(readPods(readFileSync(values.pods, 'utf8')).pods);
const target = targetWorkload(pods);
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => 42 + i);

const podsPerS = Object.fromEntries(
  (Object.keys(placements) as PlacementName[]).map((placement) => {
    const startMs = performance.now();
    const runs = seeds.map((seed) =>
      fillCluster({ nodes, pods, target, placement, seed, fillTo: 1.3 }),
    );
    const arrived = runs.reduce((sum, run) => sum + run.arrived, 0);
    return [placement, Math.round((arrived * 1000) / (performance.now() - startMs))];
  }),
);
const met = Object.values(podsPerS).every((rate) => rate >= LEAST_PODS_PER_S);
process.stdout.write(
  `${JSON.stringify({ nodes: nodes.length, podsPerS, leastPodsPerS: LEAST_PODS_PER_S, met }, null, 2)}\n`,
);
process.exitCode = met || values.tiny ? 0 : 1;
