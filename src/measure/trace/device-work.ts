import { isDeviceWork, KIND } from '../../records/kineto/event-kind.ts';
import { cell, endUs } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import { union, type Intervals } from './intervals.ts';
import { isCommunication } from './kernel-category.ts';

/** When the accelerator of one rank did what, as exact sets over all its streams. */
export interface DeviceWork {
  /** Rows of kernels, copies and fills by start. */
  rows: Int32Array;
  compute: Intervals;
  communication: Intervals;
  /** Copies and fills. */
  copies: Intervals;
  busy: Intervals;
  /** From the first start to the last end, microseconds on the profiler's clock. */
  startUs: number;
  endUs: number;
}

/** Gathers device work of a trace; O(n log n) in its kernels. */
export function deviceWork({ events, names }: KinetoTrace): DeviceWork {
  const list: number[] = [];
  for (let row = 0; row < events.length; row++) {
    if (isDeviceWork(cell(events.kind, row))) list.push(row);
  }
  const rows = Int32Array.from(list);
  rows.sort((a, b) => cell(events.startUs, a) - cell(events.startUs, b) || a - b);
  const communicates = names.map(isCommunication);
  const setOf = (wanted: (row: number) => boolean): Intervals => {
    const chosen = rows.filter(wanted);
    return union(
      Float64Array.from(chosen, (row) => cell(events.startUs, row)),
      Float64Array.from(chosen, (row) => endUs(events, row)),
    );
  };
  const isKernel = (row: number): boolean => cell(events.kind, row) === KIND.kernel;
  const isComm = (row: number): boolean => communicates[cell(events.name, row)] === true;
  const first = rows[0];
  let lastUs = -Infinity;
  for (const row of rows) lastUs = Math.max(lastUs, endUs(events, row));
  return {
    rows,
    compute: setOf((row) => isKernel(row) && !isComm(row)),
    communication: setOf((row) => isKernel(row) && isComm(row)),
    copies: setOf((row) => !isKernel(row)),
    busy: setOf(() => true),
    startUs: first === undefined ? 0 : cell(events.startUs, first),
    endUs: lastUs,
  };
}
