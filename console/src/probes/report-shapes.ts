import type { ReplyOf } from '../api/get.ts';

export type ProbeRun = ReplyOf<'probe-results'>['runs'][number];

/** What reports of probes hold that pages draw (docs/probes.md). Read with care: they may grow, or be of an older version. */
export interface FeedPoint {
  accelerators: number;
  au: number;
  wallAu: number;
}

export interface StorageReport {
  workload: string;
  accelerator: string;
  auThreshold: number;
  fed: number | null;
  /** The largest count tried was still fed. */
  atLeast: boolean;
  curve: FeedPoint[];
  lost: Array<{ accelerators: number; lostShare: number; usdPerDay: number; basis: string }>;
}

export interface NetworkReport {
  peer: string;
  idleP99Ms: number | null;
  loadedP99Ms: number | null;
  byFlows: Array<{ flows: number; sendGbit: number; receiveGbit: number }>;
}

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const fields = (value: unknown): Fields => (isFields(value) ? value : {});
const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);
const number = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
const text = (value: unknown): string => (typeof value === 'string' ? value : 'unknown');

/** Rows whose named members are all numbers; the others are left out. */
function numbers<K extends string>(rows: unknown, keys: readonly K[]): Array<Record<K, number>> {
  return list(rows).flatMap((row) => {
    const found = keys.map((key) => [key, number(row[key])] as const);
    if (found.some(([, value]) => value === null)) return [];
    return [Object.fromEntries(found) as Record<K, number>];
  });
}

/** Null where the report is not that of a storage probe. */
export function storageReport({ kind, report }: ProbeRun): StorageReport | null {
  const auThreshold = number(report['auThreshold']);
  if (kind !== 'storage' || auThreshold === null) return null;
  const feed = fields(report['feed']);
  const single = fields(report['result']);
  const keys = ['accelerators', 'au', 'wallAu'] as const;
  const curve = numbers(feed['curve'], keys);
  return {
    workload: text(report['workload']),
    accelerator: text(report['accelerator']),
    auThreshold,
    fed: number(feed['fed']),
    atLeast: feed['atLeast'] === true,
    curve: curve.length > 0 ? curve : numbers([single], keys),
    lost: list(report['lost']).flatMap((one) =>
      numbers([one], ['accelerators', 'lostShare', 'usdPerDay']).map((found) =>
        Object.assign(found, { basis: text(one['basis']) }),
      ),
    ),
  };
}

/** One entry a peer; empty where the report is not that of a network probe. */
export function networkReports({ kind, report }: ProbeRun): NetworkReport[] {
  if (kind !== 'network') return [];
  return list(report['peers']).map((peer) => ({
    peer: text(peer['peer']),
    idleP99Ms: number(fields(peer['idle'])['p99Ms']),
    loadedP99Ms: number(fields(peer['loaded'])['p99Ms']),
    byFlows: numbers(peer['byFlows'], ['flows', 'sendGbit', 'receiveGbit']),
  }));
}
