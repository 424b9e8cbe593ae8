import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusterAccount } from '../../src/measure/bottleneck/cluster/cluster-account.ts';
import { factsOfSpells } from '../../src/measure/bottleneck/cluster/facts-of-spells.ts';
import type {
  ClusterSnapshot,
  SnapshotPod,
} from '../../src/measure/sources/schedulers/cluster-snapshot.ts';
import { kubeFixture } from '../../src/measure/sources/schedulers/kube-test-server.ts';
import { kubeNode, kubePod } from '../../src/measure/sources/schedulers/kube-objects.ts';
import { toNode, toPod } from '../../src/measure/sources/schedulers/from-core-objects.ts';
import { openTelemetry, type Telemetry } from '../../src/measure/telemetry/telemetry.ts';
import { lookAtCluster } from '../../src/plan/cluster-replay/live/look-at-cluster.ts';
import { z } from 'zod';

/**
 * A cluster that is read badly for an hour: an API that does not answer, a node that flaps, pods told twice or on two nodes at
 * once, more pods than cards, a clock that steps back, a process that starts again.
 */
const BEGIN_MS = Date.UTC(2026, 10, 28, 4);
const INTERVAL_MS = 30_000;
const LOOKS = 120;
const window = { fromMs: BEGIN_MS, toMs: BEGIN_MS + LOOKS * INTERVAL_MS };
const CARDS = 32;

let dir: string;
let telemetry: Telemetry;
let nowMs = BEGIN_MS;
const clock = { wallMs: () => nowMs, monoMs: () => nowMs };
const retention = { minutesDays: 7, hoursDays: 30, externalRequestsDays: 1 };
const list = <T extends z.ZodType>(name: string, item: T): Array<z.infer<T>> =>
  z.object({ items: z.array(item) }).parse(JSON.parse(kubeFixture(name, 'kubernetes-real'))).items;

function snapshotAt(i: number): ClusterSnapshot {
  const nodes = list('nodes.json', kubeNode).map(toNode);
  const pods = list('pods.json', kubePod).flatMap((pod) => toPod(pod, new Set()) ?? []);
  for (const node of nodes) {
    if (node.name !== 'gpu-2' || i % 7 !== 3) continue;
    Object.assign(node, { usable: false, reports: false, outOfUse: 'does not report' });
  }
  return {
    scheduler: 'kubernetes',
    source: 'soak',
    takenAtMs: nowMs,
    nodes,
    quotas: [],
    queues: [],
    waiting: [],
    use: null,
    gaps: [],
    kueueVersion: null,
    pods: [...pods, ...spoiled(pods, i)],
  };
}

/** Copies: the same pod again, the same pod on another node, and one too many. */
function spoiled(pods: readonly SnapshotPod[], i: number): SnapshotPod[] {
  const held = pods.filter(({ node }) => node !== null);
  const moved = held.map((pod) => ({ ...pod, node: 'gpu-1' }));
  const many = held.map((pod) => ({
    ...pod,
    uid: `${pod.uid}-more`,
    devices: { 'nvidia.com/gpu': 8 },
  }));
  return [...held, ...(i % 3 === 0 ? moved : []), ...(i % 11 === 5 ? many : [])];
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tailrace-cluster-soak-'));
  telemetry = openTelemetry({ dir, clock, retention });
  for (let i = 0; i < LOOKS; i += 1) {
    nowMs = BEGIN_MS + i * INTERVAL_MS;
    // Ten minutes without an answer.
    if (i >= 60 && i < 80) continue;
    if (i === 30) nowMs -= 90_000;
    telemetry.addClusterLook('soak', lookAtCluster(snapshotAt(i), null), INTERVAL_MS);
    if (i === 90) {
      telemetry.close();
      telemetry = openTelemetry({ dir, clock, retention });
    }
  }
  nowMs = window.toMs;
});

afterAll(() => {
  telemetry.close();
  rmSync(dir, { recursive: true, force: true });
});

test('all cards and all time are in the account, once, and it sums to 100 %', () => {
  const spells = telemetry.clusterSpells(window);
  const facts = factsOfSpells('soak', spells, { window, usdPerCardHour: 2 });
  if (facts === null) throw new Error('nothing was seen');
  const { account } = clusterAccount(facts, window);
  expect(account.leaves.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  expect(Math.min(...account.leaves.map(({ share }) => share))).toBeGreaterThanOrEqual(0);
  const hours = (window.toMs - window.fromMs) / 3_600_000;
  expect(account.acceleratorHours + (facts.grantedHours ?? 0)).toBeCloseTo(CARDS * hours, 6);
});

test('what nobody saw is unexplained and said, and a node that flaps is known when it reports', () => {
  const spells = telemetry.clusterSpells(window);
  const facts = factsOfSpells('soak', spells, { window, usdPerCardHour: 2 });
  // The last look before the silence stands for 75 s, that before the restart for nothing after it.
  const blindHours = (CARDS * (21 * 30 - 75 + 30)) / 3600;
  const flapping = spells.filter(({ subject }) => subject === 'lab/notebook-ann-0');
  const unknown = flapping.filter(({ state }) => state === 'unexplained');
  expect(unknown.length).toBeGreaterThan(5);
  expect(flapping.some(({ state }) => state === 'working')).toBe(true);
  const flapHours = spells
    .filter(({ state }) => state === 'unexplained')
    .reduce((sum, one) => sum + (one.cards * (one.toMs - one.fromMs)) / 3_600_000, 0);
  expect(facts?.unexplainedHours).toBeCloseTo(blindHours + flapHours, 6);
  expect(facts?.notes.join('\n')).toContain('where nobody looked at the cluster');
});
