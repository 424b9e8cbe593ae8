import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TailraceError } from '../../records/errors.ts';
import { createGraph } from './dependency-graph.ts';
import { schedule, simulateSteps } from './simulate-steps.ts';
import type { Operation } from './step-trace.ts';
import { whatIf } from './what-if.ts';

describe('simulation of steps', () => {
  test('a graph without groups takes its longest path', () => {
    const edges = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 20 });
    const seconds = fc.array(fc.nat(100), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(edges, seconds, (pairs, durations) => {
        const names = durations.map((_, i) => `op${i}`);
        const graph = createGraph(new Set(names));
        const forward = pairs.filter(([a, b]) => a < b);
        for (const [a, b] of forward) graph.after(`op${b}`, [`op${a}`]);
        const times = new Map(names.map((name, i) => [name, Float64Array.of(durations[i] ?? 0)]));
        const [stepS] = simulateSteps(schedule(graph.build(), 'x'), times, {
          laneCount: 1,
          dpSize: 1,
        });
        expect(stepS).toBe(longestPath(durations, forward));
      }),
    );
  });

  test('members of a group end after the last of them has started', () => {
    const graph = createGraph(new Set(['slow', 'fast', 'send', 'recv']));
    graph.after('send', ['slow']);
    graph.after('recv', ['fast']);
    graph.group(['send', 'recv']);
    const times = new Map([
      ['slow', Float64Array.of(10, 1)],
      ['fast', Float64Array.of(1, 1)],
      ['send', Float64Array.of(2, 2)],
      ['recv', Float64Array.of(3, 3)],
    ]);
    const plan = schedule(graph.build(), 'x');
    expect([...simulateSteps(plan, times, { laneCount: 2, dpSize: 1 })]).toEqual([13, 4]);
  });

  test('a circle is refused with the name of an operation in it', () => {
    const graph = createGraph(new Set(['a', 'b']));
    graph.after('a', ['b']);
    graph.after('b', ['a']);
    expect(() => schedule(graph.build(), 'job.parquet')).toThrow(TailraceError);
    expect(() => schedule(graph.build(), 'job.parquet')).toThrow(/circle, a among/);
  });
});

function longestPath(durations: readonly number[], edges: ReadonlyArray<[number, number]>): number {
  const ends: number[] = [];
  durations.forEach((duration, i) => {
    const starts = edges.filter(([, to]) => to === i).map(([from]) => ends[from] ?? 0);
    ends.push(Math.max(0, ...starts) + duration);
  });
  return Math.max(...ends);
}

/** One stage, `ranks` data-parallel ranks, one forward and one backward pass, gradients, optimizer. */
function job(ranks: number, forwardS: (rank: number, step: number) => number): Operation[] {
  const operations: Operation[] = [];
  for (let step = 0; step < 3; step++) {
    const slowestS = Math.max(...Array.from({ length: ranks }, (_, rank) => forwardS(rank, step)));
    for (let rank = 0; rank < ranks; rank++) {
      const add = (opType: string, startS: number, durationS: number): void => {
        const place = { dpRank: rank, stage: 0, rank, step, sequence: 0, chunk: 0, globalChunk: 0 };
        operations.push({ ...place, opType, startS, durationS });
      };
      const ownS = forwardS(rank, step);
      add('forward-compute', 0, ownS);
      add('backward-compute', ownS, 2);
      add('gc', ownS + 2, 0);
      add('layernorm-grads-all-reduce', ownS + 2, 0);
      add('embedding-grads-all-reduce', ownS + 2, 0);
      add('grads-reduce-scatter', ownS + 2, slowestS - ownS + 1);
      add('optimizer-clip-main-grad', slowestS + 3, 0.5);
      add('optimizer', slowestS + 3.5, 0.5);
    }
  }
  return operations;
}

describe('what-if of small jobs whose answer is known', () => {
  test('equal ranks: no slowdown, and every step is what was recorded', () => {
    const result = whatIf({ file: 'x', operations: job(4, () => 3) }, true);
    expect(result.slowdown).toBeCloseTo(1, 12);
    expect([...result.noDelayS]).toEqual([7, 7, 7]);
    expect([...result.baseS]).toEqual([7, 7, 7]);
  });

  test('one slow rank: all wait for it, and it alone explains the whole slowdown', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(5),
        (ranks, extraS, which) => {
          const slow = which % ranks;
          const operations = job(ranks, (rank) => (rank === slow ? 3 + extraS : 3));
          const result = whatIf({ file: 'x', operations }, true);
          const realS = 7 + extraS;
          const idealS = 7 + extraS / ranks;
          expect(result.slowdown).toBeCloseTo(realS / idealS, 9);
          expect(result.byDpRank[0]?.key).toBe(String(slow));
          expect(result.byDpRank[0]?.slowdown).toBeCloseTo(result.slowdown, 9);
          expect(result.slowestWorkers.ranks).toEqual([slow]);
          expect(result.slowestWorkers.rem).toBeCloseTo(1, 6);
        },
      ),
    );
  });

  test('a step that lacks an operation is named', () => {
    const operations = job(2, () => 3).filter(
      ({ opType, step, dpRank }) => !(opType === 'optimizer' && step === 2 && dpRank === 1),
    );
    expect(() => whatIf({ file: 'job.parquet', operations }, true)).toThrow(
      'job.parquet: has no optimizer_0_0 (type_number_stage) in step 2 of data-parallel rank 1',
    );
  });
});
