import { isDeviceWork, KIND } from '../../records/kineto/event-kind.ts';
import { cell, endUs, NONE } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import { measure, subtract, union, type Intervals } from './intervals.ts';

/** A row of TraceLens's `gpu_timeline.csv`. */
export interface TraceLensRow {
  type: string;
  'time ms': number;
  percent: number;
}

export interface TraceLensView {
  gpu_timeline: TraceLensRow[];
}

/**
 * TraceLens's timeline of one accelerator (171dd74): computation is kernels without "nccl" in the
 * name and fills; communication and copies count where nothing before them covers. Only work whose
 * launch is in the trace counts; all of it when no launch is.
 */
export function traceLensView(trace: KinetoTrace): TraceLensView {
  const { events, names } = trace;
  const isNccl = names.map((name) => name.includes('nccl'));
  const work = linkedWork(trace);
  const setOf = (wanted: (row: number) => boolean): Intervals => {
    const rows = work.filter(wanted);
    return union(
      rows.map((row) => cell(events.startUs, row)),
      rows.map((row) => endUs(events, row)),
    );
  };
  const isCopy = (row: number): boolean => events.kind[row] === KIND.memcpy;
  const isComm = (row: number): boolean => !isCopy(row) && isNccl[cell(events.name, row)] === true;
  const computation = setOf((row) => !isCopy(row) && !isComm(row));
  const communication = setOf(isComm);
  const copies = setOf(isCopy);
  const all = setOf(() => true);
  const totalUs = (all.at(-1) ?? 0) - (all[0] ?? 0);
  const busyUs = measure(all);
  const timesUs: Array<[string, number]> = [
    ['computation_time', measure(computation)],
    ['exposed_comm_time', measure(subtract(communication, computation))],
    ['exposed_memcpy_time', measure(subtract(subtract(copies, computation), communication))],
    ['busy_time', busyUs],
    ['idle_time', totalUs - busyUs],
    ['total_time', totalUs],
    ['total_comm_time', measure(communication)],
    ['total_memcpy_time', measure(copies)],
  ];
  return {
    gpu_timeline: timesUs.map(([type, timeUs]) => ({
      type,
      'time ms': timeUs / 1000,
      percent: totalUs === 0 ? 0 : (timeUs / totalUs) * 100,
    })),
  };
}

function linkedWork({ events }: KinetoTrace): number[] {
  const launched = new Set<number>();
  const work: number[] = [];
  for (let row = 0; row < events.length; row++) {
    const kind = cell(events.kind, row);
    if (isDeviceWork(kind)) work.push(row);
    else if (kind === KIND.runtime || kind === KIND.driver) {
      launched.add(cell(events.correlation, row));
    }
  }
  launched.delete(NONE);
  const linked = work.filter((row) => launched.has(cell(events.correlation, row)));
  return linked.length === 0 ? work : linked;
}
