import { TailraceError } from '../../records/errors.ts';
import type { DependencyGraph } from './dependency-graph.ts';
import { maxOverRanks, type Lanes } from './operation-table.ts';

/** A graph put in an order that every simulation can follow. */
export interface Schedule {
  graph: DependencyGraph;
  /** Each operation after all it waits for; a group where its last member starts. */
  order: ReadonlyArray<{ name: string; finishes: readonly string[] }>;
}

/** Orders a graph once. Throws TR_TRACE_INVALID when operations wait for each other in a circle. */
export function schedule(graph: DependencyGraph, file: string): Schedule {
  const waiting = new Map<string, number>();
  const next = new Map<string, string[]>();
  for (const [name, others] of graph.after) {
    waiting.set(name, others.length);
    for (const other of others) next.set(other, [...(next.get(other) ?? []), name]);
  }
  const ready = [...waiting].filter(([, count]) => count === 0).map(([name]) => name);
  const started = new Map<number, number>();
  const order: Array<{ name: string; finishes: readonly string[] }> = [];
  for (let name = ready.shift(); name !== undefined; name = ready.shift()) {
    const group = graph.groupOf.get(name);
    let finishes: readonly string[] = [name];
    if (group !== undefined) {
      const members = graph.groups[group] ?? [];
      const count = (started.get(group) ?? 0) + 1;
      started.set(group, count);
      finishes = count === members.length ? members : [];
    }
    order.push({ name, finishes });
    for (const follower of finishes.flatMap((one) => next.get(one) ?? [])) {
      const left = (waiting.get(follower) ?? 0) - 1;
      waiting.set(follower, left);
      if (left === 0) ready.push(follower);
    }
  }
  if (order.length === graph.after.size) return { graph, order };
  const stuck = [...waiting].find(([, count]) => count > 0)?.[0] ?? 'unknown';
  throw new TailraceError(
    'TR_TRACE_INVALID',
    `${file}: operations wait for each other in a circle, ${stuck} among them`,
    { field: 'FILE' },
  );
}

/**
 * When each step ends if every operation starts as soon as what it waits for has ended, seconds
 * after the step's start. All steps and ranks at once: O(operations x lanes).
 */
export function simulateSteps(
  { graph, order }: Schedule,
  times: ReadonlyMap<string, Lanes>,
  size: { laneCount: number; dpSize: number },
): Float64Array {
  const { laneCount, dpSize } = size;
  const starts = new Map<string, Lanes>();
  const ends = new Map<string, Lanes>();
  const stepEnd = new Float64Array(laneCount);
  for (const { name, finishes } of order) {
    const start = new Float64Array(laneCount);
    for (const other of graph.after.get(name) ?? []) raise(start, ends.get(other));
    starts.set(name, start);
    if (finishes.length === 0) continue;
    const together = new Float64Array(laneCount);
    for (const member of finishes) raise(together, starts.get(member));
    const begin = graph.acrossRanks.has(name) ? maxOverRanks(together, dpSize) : together;
    for (const member of finishes) {
      const own = times.get(member);
      const end = begin.map((value, lane) => value + (own?.[lane] ?? 0));
      ends.set(member, end);
      raise(stepEnd, end);
    }
  }
  const perStep = maxOverRanks(stepEnd, dpSize);
  return perStep.filter((_, lane) => lane % dpSize === 0);
}

/** Raises each value to at least the other's. */
function raise(values: Lanes, others: Lanes | undefined): void {
  if (others === undefined) return;
  for (let lane = 0; lane < values.length; lane++) {
    const other = others[lane] ?? 0;
    if (other > (values[lane] ?? 0)) values[lane] = other;
  }
}
