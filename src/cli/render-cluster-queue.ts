import type { RecordedReplay } from '../plan/cluster-replay/queue/replay-recorded.ts';
import type { QueueAdvice, QueueRow } from '../plan/cluster-replay/queue/queue-summary.ts';
import { count, milliseconds, plain, share, usd } from './answer-units.ts';
import { textTable } from './text-table.ts';

/** Groups of waiters shown for the first policy. */
const GROUPS = 8;

/** A recorded trace under each policy on one screen: use, waits, waste, who waits, advice. Pure. */
export function renderClusterQueue(replay: RecordedReplay): string {
  const { nodes, gpus, jobs, withoutTimes, windowHours, load, seeds, rows } = replay;
  const [first] = rows;
  const lines = [
    `${count(nodes)} nodes, ${count(gpus)} cards; ${count(jobs)} jobs over ${hours(windowHours)}` +
      `${load === 1 ? '' : ` (load ${load})`}, ${count(seeds.length)} seed${seeds.length === 1 ? '' : 's'}`,
    ...(withoutTimes === 0 ? [] : [`${count(withoutTimes)} pods without times are left out`]),
    ...notes(rows),
    '',
    textTable(
      ['policy', 'allocated', 'fragmented', 'wait p50', 'p95', 'p99', 'never ran', 'stopped'],
      rows.map(useCells),
    ).trimEnd(),
    '',
    'card-hours that somebody waited for, though they were there:',
    textTable(
      [
        'policy',
        'useless',
        'by order',
        'held',
        'over-granted',
        'thrown away',
        'in all',
        'money',
        'all idle',
      ],
      rows.map(wasteCells),
    ).trimEnd(),
    ...(first === undefined ? [] : ['', ...whoWaits(first)]),
    ...replay.advice.flatMap((advice) => ['', adviceLine(advice)]),
  ];
  return `${lines.join('\n')}\n`;
}

function notes(rows: readonly QueueRow[]): string[] {
  const impossible = Math.max(0, ...rows.map((row) => row.impossible));
  const nobodyWaited = rows.every(({ wait }) => (wait.maxS ?? 0) === 0);
  const idlePriority = rows.some(
    ({ policy, preemptions }) => policy === 'preemptive-priority' && preemptions === 0,
  );
  return [
    ...(idlePriority && !nobodyWaited
      ? ['nothing was preempted: has the trace priorities (column priority, qos)?']
      : []),
    ...(impossible > 0
      ? [`${count(impossible)} jobs fit the cluster not even empty: left out`]
      : []),
    ...(nobodyWaited ? ['nobody waited under any policy: raise --load, or give fewer nodes'] : []),
  ];
}

const hours = (value: number): string =>
  value >= 48 ? `${(value / 24).toFixed(1)} d` : `${value.toFixed(1)} h`;

const wait = (seconds: number | null): string =>
  seconds === null
    ? 'unknown'
    : seconds < 7200
      ? milliseconds(seconds * 1000)
      : hours(seconds / 3600);

const useCells = (row: QueueRow): string[] => [
  row.policy,
  share(row.allocatedPctMean / 100, 1),
  share(row.fragmentedPctMean / 100, 1),
  wait(row.wait.p50S),
  wait(row.wait.p95S),
  wait(row.wait.p99S),
  count(row.wait.neverStarted),
  count(row.preemptions),
];

const wasteCells = (row: QueueRow): string[] => [
  row.policy,
  ...[
    row.fragmentedGpuHours,
    row.policyGpuHours,
    row.heldGpuHours,
    row.overGrantedGpuHours,
    row.lostGpuHours,
    row.avoidableGpuHours,
  ].map((value) => (value > 0 && value < 10 ? value.toFixed(1) : count(value))),
  usd(row.avoidableUsd),
  usd(row.idleUsd),
];

function whoWaits({ policy, whoWaits: groups }: QueueRow): string[] {
  const shownGroups = groups.filter(({ maxS }) => (maxS ?? 0) > 0).slice(0, GROUPS);
  if (shownGroups.length === 0) return [];
  return [
    `who waits under ${policy}:`,
    textTable(
      ['', 'jobs', 'wait p50', 'p95', 'card-hours kept undone'],
      shownGroups.map((group) => [
        plain(group.by === 'owner' ? `owner ${group.name}` : group.name),
        count(group.units),
        wait(group.p50S),
        wait(group.p95S),
        count(group.waitedGpuHours),
      ]),
    ).trimEnd(),
  ];
}

function adviceLine({ goal, policy, baseline, gain, gainUsd, certain }: QueueAdvice): string {
  if (policy === baseline) return `For ${goal}: keep ${baseline}, none of these is better.`;
  const figure = (value: number): string =>
    goal === 'less waste' ? `${count(value)} card-hours` : signedWait(value);
  const interval =
    gain.interval === null
      ? 'one seed: no interval'
      : `95 % ${figure(gain.interval.low)} to ${figure(gain.interval.high)}`;
  const what = goal === 'less waste' ? 'less wasted in this window' : 'less p95 wait';
  const money = gainUsd === null ? '' : `, ${usd(gainUsd)}`;
  return (
    `For ${goal}: ${policy}, ${figure(gain.mean)} ${what} than ${baseline} (${interval})${money}.` +
    (certain ? '' : ' This may be chance: run more seeds.')
  );
}

const signedWait = (seconds: number): string =>
  seconds < 0 ? `-${wait(-seconds)}` : wait(seconds);
