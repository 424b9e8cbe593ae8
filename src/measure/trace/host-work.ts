import { KIND } from '../../records/kineto/event-kind.ts';
import { cell, endUs } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import { union, type Intervals } from './intervals.ts';
import { isDataLoad } from './tb-plugin-roles.ts';

/** When any thread of the host of one rank did what. */
export interface HostWork {
  /** Waiting for, or making, the next batch. */
  dataLoading: Intervals;
  /** In calls of the accelerator's runtime or driver. */
  runtimeCalls: Intervals;
  /** In operators and annotated ranges; steps themselves do not count. */
  operators: Intervals;
}

export function hostWork({ events, names }: KinetoTrace): HostWork {
  const loads = names.map(isDataLoad);
  const isStep = names.map((name) => name.startsWith('ProfilerStep#'));
  const rows = { load: [] as number[], call: [] as number[], operator: [] as number[] };
  for (let row = 0; row < events.length; row++) {
    const kind = cell(events.kind, row);
    const name = cell(events.name, row);
    if (kind === KIND.runtime || kind === KIND.driver) rows.call.push(row);
    else if (kind !== KIND.operator && kind !== KIND.annotation) continue;
    else if (loads[name] === true) rows.load.push(row);
    else if (isStep[name] !== true) rows.operator.push(row);
  }
  const setOf = (list: number[]): Intervals =>
    union(
      list.map((row) => cell(events.startUs, row)),
      list.map((row) => endUs(events, row)),
    );
  return {
    dataLoading: setOf(rows.load),
    runtimeCalls: setOf(rows.call),
    operators: setOf(rows.operator),
  };
}
