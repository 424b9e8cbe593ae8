import { accelerators, type Accelerator } from '../../catalog/accelerators.ts';
import { KIND } from '../../records/kineto/event-kind.ts';
import { cell, endUs } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import type { DeviceWork } from './device-work.ts';
import { launchIndex } from './launch-index.ts';
import { operatorCost } from './operator-cost.ts';

/** Calls of one operator with one set of shapes. */
export interface RooflineRow {
  operator: string;
  shapes: string;
  type: string;
  calls: number;
  deviceMs: number;
  tflopsPerS: number;
  tbPerS: number;
  /** Floating-point operations per byte, of an ideal implementation. */
  flopsPerByte: number;
  /** Which roof is lower at this intensity; null when the accelerator's roofs are not known. */
  bound: 'compute' | 'memory' | null;
  /** Achieved share of that roof; null likewise. */
  roofShare: number | null;
}

export interface Roofline {
  /** Accelerator of the catalog; null when it has none of that name. */
  accelerator: string | null;
  rows: RooflineRow[];
}

const SHOWN = 40;

/** Operators with shapes that took most device time, against the roofs of the accelerator. */
export function roofline(trace: KinetoTrace, work: DeviceWork): Roofline {
  const accelerator = acceleratorOf(trace.devices[0]?.name ?? null);
  const rows = new Map<string, RooflineRow & { flops: number; bytes: number }>();
  for (const [row, deviceUs] of deviceTimePerOperator(trace, work)) {
    const shapes = trace.shapes.get(row);
    const operator = trace.names[cell(trace.events.name, row)] ?? '';
    const cost = shapes === undefined ? null : operatorCost(operator, shapes);
    if (shapes === undefined || cost === null || deviceUs <= 0) continue;
    const tensors = shapes.dims.filter((dims) => dims.length > 0);
    const text = tensors.map((dims) => `[${dims.join(',')}]`).join(' ');
    const key = `${operator} ${text} ${cost.type}`;
    const entry = rows.get(key) ?? emptyRow(operator, text, cost.type);
    rows.set(key, entry);
    entry.calls++;
    entry.deviceMs += deviceUs / 1000;
    entry.flops += cost.flops;
    entry.bytes += cost.bytes;
  }
  return {
    accelerator: accelerator?.id ?? null,
    rows: [...rows.values()]
      .sort((a, b) => b.deviceMs - a.deviceMs)
      .slice(0, SHOWN)
      .map((row) => placed(row, accelerator)),
  };
}

const emptyRow = (operator: string, shapes: string, type: string) => ({
  operator,
  shapes,
  type,
  calls: 0,
  deviceMs: 0,
  tflopsPerS: 0,
  tbPerS: 0,
  flopsPerByte: 0,
  bound: null,
  roofShare: null,
  flops: 0,
  bytes: 0,
});

function placed(
  { flops, bytes, ...row }: RooflineRow & { flops: number; bytes: number },
  accelerator: Accelerator | null,
): RooflineRow {
  const seconds = row.deviceMs / 1000;
  const tflopsPerS = flops / seconds / 1e12;
  const tbPerS = bytes / seconds / 1e12;
  const flopsPerByte = flops / bytes;
  // The catalog has dense 16-bit rates; other types have roofs that it does not know.
  const peak = /half|bfloat16/.test(row.type) ? (accelerator?.denseTflops.bf16 ?? null) : null;
  if (accelerator === null || peak === null) {
    return { ...row, tflopsPerS, tbPerS, flopsPerByte };
  }
  const bound = flopsPerByte < peak / accelerator.hbmTbPerS ? 'memory' : 'compute';
  const roofShare = bound === 'memory' ? tbPerS / accelerator.hbmTbPerS : tflopsPerS / peak;
  return { ...row, tflopsPerS, tbPerS, flopsPerByte, bound, roofShare };
}

/** The catalog's accelerator whose model number the device's name has; memory sizes are not told apart. */
function acceleratorOf(device: string | null): Accelerator | null {
  if (device === null) return null;
  const words = new Set(device.toLowerCase().split(/[^a-z0-9]+/));
  const fits = accelerators().filter(({ id, name }) => {
    const models = `${id} ${name}`.toLowerCase().match(/\b[a-z]{1,2}\d{1,4}[a-z]?\b/g) ?? [];
    return models.some((word) => words.has(word));
  });
  const sameSlot = fits.find(({ id }) => id.includes('pcie') === words.has('pcie'));
  return sameSlot ?? fits[0] ?? null;
}

/**
 * Kernel time of each operator with shapes: kernels launched inside it on its thread. Of operators
 * within each other the outermost counts.
 */
function deviceTimePerOperator(
  trace: KinetoTrace,
  { rows }: DeviceWork,
): ReadonlyMap<number, number> {
  const { events } = trace;
  const launch = launchIndex(trace);
  const operators = new Map<number, number[]>();
  for (const row of [...trace.shapes.keys()].sort(
    (a, b) => cell(events.startUs, a) - cell(events.startUs, b),
  )) {
    const own = operators.get(cell(events.thread, row)) ?? [];
    operators.set(cell(events.thread, row), own);
    const outer = own.at(-1);
    if (outer === undefined || cell(events.startUs, row) >= endUs(events, outer)) own.push(row);
  }
  const times = new Map<number, number>();
  for (const row of rows) {
    const call = launch.get(cell(events.correlation, row));
    if (call === undefined || events.kind[row] !== KIND.kernel) continue;
    const atUs = cell(events.startUs, call);
    const own = operators.get(cell(events.thread, call)) ?? [];
    const operator = own[lastBefore(own, (one) => cell(events.startUs, one) <= atUs)];
    if (operator === undefined || atUs >= endUs(events, operator)) continue;
    times.set(operator, (times.get(operator) ?? 0) + cell(events.durationUs, row));
  }
  return times;
}

/** Index of the last item that passes, of items of which first all pass and then none; -1 of none. */
function lastBefore(items: readonly number[], passes: (item: number) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && passes(item)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
