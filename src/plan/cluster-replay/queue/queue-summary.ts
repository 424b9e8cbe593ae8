import { quantile } from '../../load/quantiles.ts';
import { meanAndSd, pairedGain, type PairedGain } from '../paired-gain.ts';
import type { QueuePolicyName } from './queue-policy.ts';
import type { QueueRun, UnitOutcome } from './replay-queue.ts';

/** Waiting in seconds; null when nobody waits in that group. */
export interface WaitFigures {
  units: number;
  p50S: number | null;
  p95S: number | null;
  p99S: number | null;
  maxS: number | null;
  /** Units that never started; they count with the time they had waited at the end. */
  neverStarted: number;
}

export interface QueueRow {
  policy: QueuePolicyName;
  seeds: number;
  allocatedPctMean: number;
  allocatedPctSd: number | null;
  fragmentedPctMean: number;
  /** Quantiles over the units of all seeds together. */
  wait: WaitFigures;
  /** Means over seeds, card-hours in the window. */
  busyGpuHours: number;
  noDemandGpuHours: number;
  fragmentedGpuHours: number;
  policyGpuHours: number;
  heldGpuHours: number;
  overGrantedGpuHours: number;
  lostGpuHours: number;
  /** What was idle, held or thrown away though somebody waited. */
  avoidableGpuHours: number;
  /** Cost of all card time that did no kept work; null without a price. */
  idleUsd: number | null;
  avoidableUsd: number | null;
  preemptions: number;
  impossible: number;
  whoWaits: WaitGroup[];
}

export interface WaitGroup extends WaitFigures {
  by: 'owner' | 'cards';
  name: string;
  /** Card-hours that the group's waiting kept undone, of all seeds together. */
  waitedGpuHours: number;
}

/** Owners named at most; the rest come together. */
const MAX_OWNERS = 10;

const avoidable = ({ time, lostGpuHours }: QueueRun): number =>
  time.fragmentedGpuHours +
  time.policyGpuHours +
  time.heldGpuHours +
  time.overGrantedGpuHours +
  lostGpuHours;

/** One policy over all seeds. */
export function queueRow(
  policy: QueuePolicyName,
  runs: readonly QueueRun[],
  usdPerGpuHour: number | null,
): QueueRow {
  const mean = (of: (run: QueueRun) => number): number => meanAndSd(runs.map(of)).mean;
  const allocated = meanAndSd(runs.map(allocatedPct));
  const outcomes = runs.flatMap((run) => run.outcomes);
  const lostGpuHours = mean((run) => run.lostGpuHours);
  const idleGpuHours = mean(({ time }) => time.gpuHours - time.busyGpuHours) + lostGpuHours;
  const avoidableGpuHours = mean(avoidable);
  const price = (hours: number): number | null =>
    usdPerGpuHour === null ? null : hours * usdPerGpuHour;
  return {
    policy,
    seeds: runs.length,
    allocatedPctMean: allocated.mean,
    allocatedPctSd: allocated.sd,
    fragmentedPctMean: mean(({ time }) => time.fragmentedPct),
    wait: waitFigures(outcomes),
    busyGpuHours: mean(({ time }) => time.busyGpuHours),
    noDemandGpuHours: mean(({ time }) => time.noDemandGpuHours),
    fragmentedGpuHours: mean(({ time }) => time.fragmentedGpuHours),
    policyGpuHours: mean(({ time }) => time.policyGpuHours),
    heldGpuHours: mean(({ time }) => time.heldGpuHours),
    overGrantedGpuHours: mean(({ time }) => time.overGrantedGpuHours),
    lostGpuHours,
    avoidableGpuHours,
    idleUsd: price(idleGpuHours),
    avoidableUsd: price(avoidableGpuHours),
    preemptions: mean((run) => run.outcomes.reduce((sum, one) => sum + one.preemptions, 0)),
    impossible: mean((run) => run.impossible),
    whoWaits: [...groups(outcomes, 'cards', cardsOf), ...groups(outcomes, 'owner', ownerOf)],
  };
}

function allocatedPct({ time }: QueueRun): number {
  return time.gpuHours === 0 ? 0 : 100 * (time.allocatedGpuHours / time.gpuHours);
}

function waitFigures(outcomes: readonly UnitOutcome[]): WaitFigures {
  const sorted = Float64Array.from(outcomes, ({ waitS }) => waitS).sort();
  return {
    units: outcomes.length,
    p50S: quantile(sorted, 0.5),
    p95S: quantile(sorted, 0.95),
    p99S: quantile(sorted, 0.99),
    maxS: quantile(sorted, 1),
    neverStarted: outcomes.filter(({ started }) => !started).length,
  };
}

const ownerOf = ({ unit }: UnitOutcome): string => unit.owner ?? 'unknown';

function cardsOf({ unit: { gpuMilli } }: UnitOutcome): string {
  if (gpuMilli === 0) return 'no card';
  if (gpuMilli < 1000) return 'part of a card';
  if (gpuMilli === 1000) return '1 card';
  if (gpuMilli < 8000) return '2 to 7 cards';
  return '8 cards or more';
}

function groups(
  outcomes: readonly UnitOutcome[],
  by: WaitGroup['by'],
  nameOf: (outcome: UnitOutcome) => string,
): WaitGroup[] {
  const members = new Map<string, UnitOutcome[]>();
  for (const outcome of outcomes) {
    const name = nameOf(outcome);
    const group = members.get(name);
    if (group === undefined) members.set(name, [outcome]);
    else group.push(outcome);
  }
  const all = [...members].map(([name, group]): WaitGroup =>
    Object.assign(waitFigures(group), {
      by,
      name,
      waitedGpuHours: group.reduce((sum, o) => sum + (o.waitS * o.unit.gpuMilli) / 3_600_000, 0),
    }),
  );
  return all.sort((a, b) => b.waitedGpuHours - a.waitedGpuHours).slice(0, MAX_OWNERS);
}

/** What a change of policy gains over the one in use. */
export interface QueueAdvice {
  goal: 'less waste' | 'shorter waits';
  policy: QueuePolicyName;
  baseline: QueuePolicyName;
  /** Card-hours less waste in the window, or seconds less of the p95 wait; above 0 is better. */
  gain: PairedGain;
  /** Gain in money over the window; null for waits and without a price. */
  gainUsd: number | null;
  /** True when the interval of the gain lies above zero. */
  certain: boolean;
}

/** The best policy for each goal, against the first one named; empty with one policy. */
export function adviseQueue(
  byPolicy: ReadonlyMap<QueuePolicyName, readonly QueueRun[]>,
  usdPerGpuHour: number | null,
): QueueAdvice[] {
  if (byPolicy.size < 2) return [];
  const waste = adviseFor(byPolicy, 'less waste', avoidable);
  const waits = adviseFor(byPolicy, 'shorter waits', (run) => waitFigures(run.outcomes).p95S ?? 0);
  if (waste !== null && usdPerGpuHour !== null) waste.gainUsd = waste.gain.mean * usdPerGpuHour;
  return [waste, waits].flatMap((advice) => advice ?? []);
}

function adviseFor(
  byPolicy: ReadonlyMap<QueuePolicyName, readonly QueueRun[]>,
  goal: QueueAdvice['goal'],
  cost: (run: QueueRun) => number,
): QueueAdvice | null {
  const costs = [...byPolicy].map(([policy, runs]) => ({ policy, values: runs.map(cost) }));
  const [base] = costs;
  if (base === undefined) return null;
  const best = costs.reduce((a, b) =>
    meanAndSd(b.values).mean < meanAndSd(a.values).mean ? b : a,
  );
  const gain = pairedGain(base.values, best.values);
  const certain = gain.interval !== null && gain.interval.low > 0;
  return { goal, policy: best.policy, baseline: base.policy, gain, gainUsd: null, certain };
}
