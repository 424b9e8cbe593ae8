import { TailraceError } from '../../records/errors.ts';
import type { DependencyGraph } from './dependency-graph.ts';
import { operationName, type Operation, type StepTrace } from './step-trace.ts';

/** Seconds of one operation in each lane; a lane is a step and a data-parallel rank. */
export type Lanes = Float64Array;

/** All operations of a job, one array per operation name. */
export interface OperationTable {
  steps: number[];
  dpSize: number;
  stageCount: number;
  /** Lane of a step (its index) and rank: `step * dpSize + dpRank`. */
  laneCount: number;
  entries: ReadonlyMap<string, OperationEntry>;
}

export interface OperationEntry {
  name: string;
  opType: string;
  stage: number;
  ranks: Int32Array;
  startS: Lanes;
  durationS: Lanes;
}

/** Lays a trace out by operation. Throws TR_TRACE_INVALID when a step or rank lacks an operation. */
export function operationTable({ operations, file }: StepTrace): OperationTable {
  const steps = [...new Set(operations.map(({ step }) => step))].sort((a, b) => a - b);
  const stepIndex = new Map(steps.map((step, i) => [step, i]));
  const dpSize = operations.reduce((max, { dpRank }) => Math.max(max, dpRank), 0) + 1;
  const laneCount = steps.length * dpSize;
  const entries = new Map<string, OperationEntry>();
  for (const operation of operations) {
    const name = operationName(operation.opType, operation.sequence, operation.stage);
    const entry = entries.get(name) ?? emptyEntry(name, operation, laneCount);
    entries.set(name, entry);
    const lane = (stepIndex.get(operation.step) ?? 0) * dpSize + operation.dpRank;
    entry.startS[lane] = operation.startS;
    entry.durationS[lane] = operation.durationS;
    entry.ranks[lane] = operation.rank;
  }
  for (const { name, startS } of entries.values()) {
    const lane = startS.findIndex(Number.isNaN);
    if (lane !== -1) throw missing(file, name, steps[Math.floor(lane / dpSize)], lane % dpSize);
  }
  const stageCount = operations.reduce((max, { stage }) => Math.max(max, stage), 0) + 1;
  return { steps, dpSize, stageCount, laneCount, entries };
}

const emptyEntry = (name: string, one: Operation, laneCount: number): OperationEntry => ({
  name,
  opType: one.opType,
  stage: one.stage,
  ranks: new Int32Array(laneCount),
  startS: new Float64Array(laneCount).fill(Number.NaN),
  durationS: new Float64Array(laneCount),
});

const missing = (file: string, name: string, step: number | undefined, rank: number) =>
  new TailraceError(
    'TR_TRACE_INVALID',
    `${file}: has no ${name} (type_number_stage) in step ${step ?? 'unknown'} of data-parallel rank ${rank}`,
    { field: 'FILE' },
  );

/** Clock error between ranks that may make a transfer seem to end before it starts, seconds. */
const CLOCK_ERROR_S = 1e-2;

/**
 * What an operation takes by itself: for communication the time from when its last member started,
 * for all else its duration. Waiting for others is thereby left to the simulation.
 */
export function ownTimes(
  { entries, laneCount, dpSize }: OperationTable,
  graph: DependencyGraph,
): Map<string, Lanes> {
  const times = new Map<string, Lanes>();
  for (const { name, durationS } of entries.values()) times.set(name, durationS.slice());
  for (const names of graph.groups) {
    const members = names.flatMap((name) => entries.get(name) ?? []);
    const startS = new Float64Array(laneCount).fill(-Infinity);
    for (const member of members) {
      for (let lane = 0; lane < laneCount; lane++) {
        startS[lane] = Math.max(startS[lane] ?? 0, member.startS[lane] ?? 0);
      }
    }
    for (const member of members) {
      const last = graph.acrossRanks.has(member.name) ? maxOverRanks(startS, dpSize) : startS;
      const transfer = member.durationS.map((duration, lane) => {
        const seconds = (member.startS[lane] ?? 0) + duration - (last[lane] ?? 0);
        return seconds <= -CLOCK_ERROR_S ? 0 : seconds;
      });
      times.set(member.name, transfer);
    }
  }
  return times;
}

/** For each lane, the largest value of its step. */
export function maxOverRanks(values: Lanes, dpSize: number): Lanes {
  const out = new Float64Array(values.length);
  for (let first = 0; first < values.length; first += dpSize) {
    let max = -Infinity;
    for (let lane = first; lane < first + dpSize; lane++) max = Math.max(max, values[lane] ?? 0);
    out.fill(max, first, first + dpSize);
  }
  return out;
}
