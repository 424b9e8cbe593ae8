import { KIND } from '../../records/kineto/event-kind.ts';
import { cell, endUs, NONE } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import { union, type Intervals } from './intervals.ts';

/** Lanes of the TensorBoard plug-in in its order of precedence; `Other` and `Total` follow. */
export const TB_LANES = [
  'Kernel',
  'Memcpy',
  'Memset',
  'Communication',
  'Runtime',
  'DataLoader',
  'CpuOp',
] as const;

export type TbLane = (typeof TB_LANES)[number];

/** Operators that the plug-in takes for communication (torch_tb_profiler 0.4.3). */
const COMMUNICATION = new Set(
  ['nccl', 'gloo'].flatMap((library) =>
    ['broadcast', 'reduce', 'all_reduce', 'all_gather', 'reduce_scatter'].map(
      (operation) => `${library}:${operation}`,
    ),
  ),
);

/** A fetch from a PyTorch DataLoader or DataPipe. */
export const isDataLoad = (name: string): boolean =>
  (name.startsWith('enumerate(DataLoader)#') && name.endsWith('.__next__')) ||
  name.startsWith('enumerate(DataPipe)#');

/** When each lane is busy, over all threads and devices. */
export function tbPluginLanes({ events, names }: KinetoTrace): Record<TbLane, Intervals> {
  const laneOfName = names.map((name): TbLane =>
    isDataLoad(name) ? 'DataLoader' : COMMUNICATION.has(name) ? 'Communication' : 'CpuOp',
  );
  const isStep = names.map((name) => name.startsWith('ProfilerStep#'));
  const communication = communicationIds({ events, names });
  const rows: Record<TbLane, number[]> = {
    Kernel: [],
    Memcpy: [],
    Memset: [],
    Communication: [],
    Runtime: [],
    DataLoader: [],
    CpuOp: [],
  };
  for (let row = 0; row < events.length; row++) {
    const name = cell(events.name, row);
    const kind = cell(events.kind, row);
    const fixed = DEVICE_LANE[kind];
    if (kind === KIND.kernel && communication.has(cell(events.externalId, row))) {
      rows.Communication.push(row);
    } else if (fixed !== undefined) {
      rows[fixed].push(row);
    } else if (isHostRange(kind) && isStep[name] !== true) {
      rows[laneOfName[name] ?? 'CpuOp'].push(row);
    }
  }
  const lane = (list: number[]): Intervals =>
    union(
      list.map((row) => cell(events.startUs, row)),
      list.map((row) => endUs(events, row)),
    );
  return {
    Kernel: lane(rows.Kernel),
    Memcpy: lane(rows.Memcpy),
    Memset: lane(rows.Memset),
    Communication: lane(rows.Communication),
    Runtime: lane(rows.Runtime),
    DataLoader: lane(rows.DataLoader),
    CpuOp: lane(rows.CpuOp),
  };
}

const DEVICE_LANE: Readonly<Record<number, TbLane>> = {
  [KIND.kernel]: 'Kernel',
  [KIND.memcpy]: 'Memcpy',
  [KIND.memset]: 'Memset',
  [KIND.runtime]: 'Runtime',
};

/** The plug-in reads annotations on the device's timeline as operators too. */
const isHostRange = (kind: number): boolean =>
  kind === KIND.operator || kind === KIND.annotation || kind === KIND.deviceAnnotation;

/** External ids of communication operators: kernels with one of them are communication. */
function communicationIds({ events, names }: Pick<KinetoTrace, 'events' | 'names'>): Set<number> {
  const ids = new Set<number>();
  for (let row = 0; row < events.length; row++) {
    if (!isHostRange(cell(events.kind, row))) continue;
    if (!COMMUNICATION.has(names[cell(events.name, row)] ?? '')) continue;
    const id = cell(events.externalId, row);
    if (id !== NONE) ids.add(id);
  }
  return ids;
}
