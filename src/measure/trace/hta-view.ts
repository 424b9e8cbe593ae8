import { isDeviceWork } from '../../records/kineto/event-kind.ts';
import { cell, NONE } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import { htaIdle, type HtaIdleRow } from './hta-idle.ts';
import { htaRows, type HtaRows } from './hta-rows.ts';
import { mergeSigned, signedLength, sweep, type SignedRanges } from './hta-sweep.ts';
import { roundTo } from './round-half-even.ts';

/** Figures of HolisticTraceAnalysis in its own names; times in whole microseconds. */
export interface HtaView {
  steps_used: number[];
  temporal_breakdown: Array<Record<string, number | null>>;
  comm_comp_overlap: Array<{ rank: number; comp_comm_overlap_pctg: number | null }>;
  idle_time_breakdown: HtaIdleRow[];
  kernel_type_breakdown: Array<{ kernel_type: string; sum: number; percentage: number }>;
}

/** The peer's bits for its kinds of kernel, in the order it names them. */
const TYPES = ['COMPUTATION', 'COMMUNICATION', 'MEMORY'] as const;
type KernelType = (typeof TYPES)[number] | 'OTHER';

/** The peer's patterns, in its order; a name that none takes is `OTHER`. */
export function htaKernelType(name: string): KernelType {
  if (/^nccl.*Kernel/.test(name)) return 'COMMUNICATION';
  if (/^(?:Memcpy|Memset|dma)/.test(name)) return 'MEMORY';
  return /Memcpy|Sync/.test(name) ? 'OTHER' : 'COMPUTATION';
}

/** HolisticTraceAnalysis on the ranks of one job; `rank` is the key of each trace. */
export function htaView(ranks: ReadonlyArray<{ rank: number; trace: KinetoTrace }>): HtaView {
  const parts = ranks.map(({ rank, trace }) => htaRank(rank, trace));
  const sums = new Map<string, number>();
  for (const { types } of parts) {
    for (const [type, sum] of types) sums.set(type, (sums.get(type) ?? 0) + sum);
  }
  const total = [...sums.values()].reduce((a, b) => a + b, 0);
  return {
    steps_used: parts[0]?.stepsUsed ?? [],
    temporal_breakdown: parts.map(({ temporal }) => temporal),
    comm_comp_overlap: parts.map(({ rank, overlapPct }) => ({
      rank,
      comp_comm_overlap_pctg: overlapPct,
    })),
    idle_time_breakdown: parts.flatMap(({ idle }) => idle),
    kernel_type_breakdown: [...sums]
      .sort(([, a], [, b]) => b - a)
      .map(([kernelType, sum]) => ({
        kernel_type: kernelType,
        sum,
        percentage: roundTo((100 * sum) / total, 1),
      })),
  };
}

const NO_RANGES: SignedRanges = new Float64Array();

function htaRank(rank: number, trace: KinetoTrace) {
  const rows = htaRows(trace);
  const onStream = rows.device.filter((row) => cell(trace.events.stream, row) !== NONE);
  const typeOfName = trace.names.map(htaKernelType);
  const typeOf = (row: number): string => typeOfName[cell(trace.events.name, row)] ?? 'OTHER';
  const ofType = TYPES.map((type) =>
    merged(
      rows,
      onStream.filter((row) => typeOf(row) === type),
    ),
  );
  const [compute, communication] = [ofType[0] ?? NO_RANGES, ofType[1] ?? NO_RANGES];
  const work = onStream.filter((row) => isDeviceWork(cell(trace.events.kind, row)));
  return {
    rank,
    stepsUsed: rows.stepsUsed,
    temporal: temporal(rank, merged(rows, onStream), compute),
    overlapPct: overlapPct(communication, compute),
    idle: htaIdle(rank, work, trace, rows),
    types: typeTimes(ofType),
  };
}

const merged = (rows: HtaRows, list: Int32Array): SignedRanges =>
  mergeSigned(list, rows.startUs, rows.endUs);

function temporal(rank: number, all: SignedRanges, compute: SignedRanges) {
  const kernelTime = (all.at(-1) ?? 0) - (all[0] ?? 0);
  const idle = kernelTime - signedLength(all);
  const computeTime = signedLength(compute);
  const nonCompute = kernelTime - computeTime - idle;
  const percent = (timeUs: number): number | null =>
    kernelTime === 0 ? null : roundTo(100 * (timeUs / kernelTime), 2);
  return {
    rank,
    'idle_time(us)': idle,
    'compute_time(us)': computeTime,
    'non_compute_time(us)': nonCompute,
    'kernel_time(us)': kernelTime,
    idle_time_pctg: percent(idle),
    compute_time_pctg: percent(computeTime),
    non_compute_time_pctg: percent(nonCompute),
  };
}

/** Share of communication under which computation runs; null without communication. */
function overlapPct(communication: SignedRanges, compute: SignedRanges): number | null {
  const total = signedLength(communication);
  if (communication.length === 0 || total === 0) return null;
  const both = sweep([communication, compute]).get(3) ?? 0;
  return roundTo(100 * (both / total), 2);
}

/** Time per set of kinds that run together, named as the peer does. */
function typeTimes(ofType: readonly SignedRanges[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const [running, timeUs] of sweep(ofType)) {
    if (running <= 0) continue;
    const name = TYPES.filter((_, bit) => (running & (1 << bit)) !== 0).join(' overlapping ');
    times.set(name, (times.get(name) ?? 0) + timeUs);
  }
  return times;
}
