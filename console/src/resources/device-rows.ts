import type { ReplyOf } from '../api/get.ts';

export type Resources = ReplyOf<'resources'>;
export type ResourceSeries = Resources['series'][number];
export type ResourceSubject = ResourceSeries['subject'];

/** One device, host or engine with the means of its metrics over the window. */
export interface DeviceRow {
  subject: ResourceSubject;
  series: ReadonlyMap<string, ResourceSeries>;
  /** Sources and bases that any of its figures come from. */
  sources: string[];
  bases: string[];
}

/** Series by the subject that they are about, in the order of the reply. */
export function deviceRows(series: readonly ResourceSeries[]): DeviceRow[] {
  const bySubject = new Map<string, ResourceSeries[]>();
  for (const one of series) {
    const key = subjectKey(one.subject);
    const known = bySubject.get(key);
    if (known === undefined) bySubject.set(key, [one]);
    else known.push(one);
  }
  return [...bySubject.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    return {
      subject: first.subject,
      series: new Map(all.map((one) => [one.metric, one])),
      sources: [...new Set(all.map((one) => one.source))],
      bases: [...new Set(all.map((one) => one.basis))],
    };
  });
}

export const subjectKey = ({ kind, id }: ResourceSubject): string => `${kind}\n${id}`;

/** Mean over the time in which the metric is known; null: never in this window. */
export function meanOf(row: DeviceRow, metric: string): number | null {
  const points = row.series.get(metric)?.points ?? [];
  const knownMs = points.reduce((sum, point) => sum + point.knownMs, 0);
  if (knownMs === 0) return null;
  return points.reduce((sum, point) => sum + point.mean * point.knownMs, 0) / knownMs;
}

/** Highest value; null: never known in this window. */
export function maxOf(row: DeviceRow, metric: string): number | null {
  const points = row.series.get(metric)?.points ?? [];
  return points.length === 0 ? null : Math.max(...points.map((point) => point.max));
}

/** A name that a person tells devices apart by: `node-1 / 0`, or the identity without a node. */
export const subjectName = ({ node, index, id }: ResourceSubject): string =>
  node !== null && index !== null ? `${node} / ${index}` : id;
