import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../records/cluster-trace/cluster-node.ts';
import type { ClusterPod } from '../../../records/cluster-trace/cluster-pod.ts';
import { shapePods } from '../pod-shape.ts';
import { targetWorkload } from '../target-workload.ts';
import { queuePolicy, type QueuePolicyName } from './queue-policy.ts';
import { replayQueue, type QueueRun } from './replay-queue.ts';
import { replayJobs, workUnits } from './work-unit.ts';

const node = (name: string, gpuCount: number): ClusterNode => ({
  name,
  cpuMilli: 64_000,
  memoryMib: 100_000,
  gpuCount,
  gpuModel: 'T4',
});

/** A job of `gpus` cards (a fraction is a part of one) from second `at` for `runs` seconds. */
function job(
  name: string,
  at: number,
  runs: number,
  gpus: number,
  more: Partial<ClusterPod> = {},
): ClusterPod {
  return {
    line: 1,
    name,
    cpuMilli: 1000,
    memoryMib: 1000,
    gpuCount: Math.ceil(gpus),
    gpuMilli: gpus < 1 ? gpus * 1000 : 1000,
    gpuModels: [],
    owner: null,
    gang: null,
    priority: null,
    arrivalS: at,
    durationS: runs,
    ...more,
  };
}

function run(name: QueuePolicyName, nodes: ClusterNode[], pods: ClusterPod[]): QueueRun {
  const policy = queuePolicy(name);
  const units = workUnits(replayJobs(pods).jobs, policy.sharing, 1);
  return replayQueue({ nodes, units, target: targetWorkload(shapePods(pods)), policy, seed: 1 });
}

const waits = ({ outcomes }: QueueRun): Record<string, number> =>
  Object.fromEntries(outcomes.map(({ unit, waitS }) => [unit.name, waitS]));

const FOUR = [node('n', 4)];
/** The head needs all cards; short small jobs come behind it. */
const BEHIND_A_HEAD = [
  job('runs', 0, 100, 2),
  job('head', 10, 50, 4),
  job('short', 20, 30, 2),
  job('long', 21, 500, 2),
  job('last', 1000, 1, 1),
];

describe('policies of the waiting line', () => {
  it('fifo: everyone waits behind the head', () => {
    expect(waits(run('fifo', FOUR, BEHIND_A_HEAD))).toEqual({
      runs: 0,
      head: 90,
      short: 130,
      long: 129,
      last: 0,
    });
  });

  it('pod by pod: small ones pass the head by, which starves', () => {
    expect(waits(run('best-fit', FOUR, BEHIND_A_HEAD))).toEqual({
      runs: 0,
      short: 0,
      long: 29,
      head: 540,
      last: 0,
    });
  });

  it('backfill: only what ends before the head could start passes it by', () => {
    expect(waits(run('gang-backfill', FOUR, BEHIND_A_HEAD))).toEqual({
      runs: 0,
      short: 0,
      head: 90,
      long: 129,
      last: 0,
    });
  });

  it('shortest job first, once there is a choice', () => {
    const pods = [job('a', 0, 10, 4), job('long', 1, 100, 4), job('short', 2, 5, 4)];
    expect(waits(run('shortest-job', FOUR, pods))).toEqual({ a: 0, short: 8, long: 14 });
  });

  it('fair share: who used least goes first', () => {
    const pods = [
      job('a1', 0, 10, 4, { owner: 'a' }),
      job('a2', 1, 10, 4, { owner: 'a' }),
      job('b1', 2, 10, 4, { owner: 'b' }),
    ];
    expect(waits(run('fair-share', FOUR, pods))).toEqual({ a1: 0, b1: 8, a2: 19 });
    expect(waits(run('fifo', FOUR, pods))).toEqual({ a1: 0, a2: 9, b1: 18 });
  });

  it('priority stops lower work, which begins again, and the loss is counted', () => {
    const pods = [
      job('low', 0, 3600, 4, { priority: 0 }),
      job('high', 1800, 900, 4, { priority: 2 }),
    ];
    const result = run('preemptive-priority', FOUR, pods);
    expect(waits(result)).toEqual({ low: 900, high: 0 });
    expect(result.lostGpuHours).toBe(2);
    expect(result.outcomes.map(({ preemptions }) => preemptions)).toEqual([1, 0]);
  });

  it('equal priority stops nothing', () => {
    const pods = [
      job('one', 0, 3600, 4, { priority: 1 }),
      job('two', 1800, 900, 4, { priority: 1 }),
    ];
    const result = run('preemptive-priority', FOUR, pods);
    expect(waits(result)).toEqual({ one: 0, two: 1800 });
    expect(result.lostGpuHours).toBe(0);
  });
});

describe('gangs', () => {
  const two = [node('a', 2), node('b', 2)];
  const gang = (name: string, at: number, runs: number): ClusterPod[] => [
    job(`${name}0`, at, runs, 2, { gang: name }),
    job(`${name}1`, at, runs, 2, { gang: name }),
  ];
  const pods = [job('runs', 0, 3600, 2), ...gang('g', 0, 60), job('end', 3600, 1, 1)];

  it('hold their cards while they wait, pod by pod; as a gang they do not', () => {
    const held = run('best-fit', two, pods);
    expect(waits(held)['g']).toBe(3600);
    expect(held.time.heldGpuHours).toBe(2);
    const asGang = run('gang-backfill', two, pods);
    expect(waits(asGang)['g']).toBe(3600);
    expect(asGang.time.heldGpuHours).toBe(0);
  });

  it('can block each other for ever, pod by pod, and that is said', () => {
    const mixed = [node('t', 1), { ...node('a', 1), gpuModel: 'A10' }];
    const on = (model: string, name: string, at: number): ClusterPod =>
      job(name, at, 60, 1, { gang: name, gpuModels: [model] });
    const crossed = [
      job('runs', 0, 100, 1, { gpuModels: ['A10'] }),
      on('A10', 'y', 1),
      on('T4', 'y', 1),
      on('T4', 'x', 2),
      on('A10', 'x', 2),
    ];
    const never = (result: QueueRun): string[] =>
      result.outcomes.flatMap(({ unit, started }) => (started ? [] : unit.name));
    expect(never(run('best-fit', mixed, crossed))).toEqual(['y', 'x']);
    expect(never(run('gang-backfill', mixed, crossed))).toEqual([]);
  });
});

describe('parts of a card', () => {
  const pods = [0, 1, 2, 3].map((i) => job(`p${i}`, i, 100, 0.2)).concat(job('end', 50, 1, 0.2));

  it('share it under mps, take a slice each under mig, and a card each without sharing', () => {
    const one = [node('n', 1)];
    expect(Math.max(...Object.values(waits(run('mps', one, pods))))).toBe(0);
    // 200 thousandths take a slice of two sevenths: three of them fill the card.
    expect(waits(run('mig', one, pods))).toEqual({ p0: 0, p1: 0, p2: 0, p3: 97, end: 51 });
    expect(waits(run('whole-cards', one, pods))['p1']).toBe(99);
    expect(run('whole-cards', one, pods).time.overGrantedGpuHours).toBeGreaterThan(0);
  });
});

describe('what cannot run', () => {
  it('is left out and counted', () => {
    const result = run('fifo', FOUR, [
      job('big', 0, 10, 8),
      job('ok', 1, 10, 1),
      job('ok2', 2, 1, 1),
    ]);
    expect(result.impossible).toBe(1);
    expect(waits(result)).toEqual({ ok: 0, ok2: 0 });
  });
});
