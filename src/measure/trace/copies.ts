import { KIND } from '../../records/kineto/event-kind.ts';
import { cell, endUs } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import type { DeviceWork } from './device-work.ts';
import { lengthWithin } from './intervals.ts';

/** Copies or fills of one kind, such as `Memcpy HtoD (Pageable -> Device)`. */
export interface CopySummary {
  kind: string;
  count: number;
  totalMs: number;
  /** Part during which no kernel ran. */
  exposedMs: number;
  /** Null when a size is missing. */
  bytes: number | null;
  /** Bytes over time in copies; null when a size is missing. */
  bytesPerS: number | null;
  /** Pageable host memory: the copy goes through a staging buffer and blocks the host. */
  pageable: boolean;
}

export function copySummary({ events, names }: KinetoTrace, work: DeviceWork): CopySummary[] {
  const hidden = [lengthWithin(work.compute), lengthWithin(work.communication)];
  const kinds = new Map<string, CopySummary>();
  for (const row of work.rows) {
    if (events.kind[row] === KIND.kernel) continue;
    const kind = names[cell(events.name, row)] ?? '';
    const summary = kinds.get(kind) ?? emptySummary(kind);
    kinds.set(kind, summary);
    const startUs = cell(events.startUs, row);
    const us = cell(events.durationUs, row);
    const bytes = cell(events.bytes, row);
    const hiddenUs = hidden.reduce((sum, within) => sum + within(startUs, endUs(events, row)), 0);
    summary.count++;
    summary.totalMs += us / 1000;
    summary.exposedMs += Math.max(0, us - hiddenUs) / 1000;
    summary.bytes = summary.bytes === null || bytes < 0 ? null : summary.bytes + bytes;
  }
  for (const summary of kinds.values()) {
    const { bytes, totalMs } = summary;
    summary.bytesPerS = bytes === null || totalMs === 0 ? null : (1000 * bytes) / totalMs;
  }
  return [...kinds.values()].sort((a, b) => b.totalMs - a.totalMs);
}

const emptySummary = (kind: string): CopySummary => ({
  kind,
  count: 0,
  totalMs: 0,
  exposedMs: 0,
  bytes: 0,
  bytesPerS: null,
  pageable: /pageable/i.test(kind),
});
