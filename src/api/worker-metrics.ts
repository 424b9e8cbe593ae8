/**
 * Counters of one gateway worker. `requestSettled` runs on the request path at settle (target: below
 * 2 us; no allocation once a label set is known); everything else runs when a snapshot is asked for.
 * Must not keep anything per request: memory is bounded by `MAX_SERIES` label sets a family.
 */
import type { RequestRecord } from '../records/request-record.ts';

/** Label sets of one metric family; later ones are counted under `other`. */
export const MAX_SERIES = 1_000;
export const OTHER = 'other';

/**
 * Upper bounds in seconds. OpenTelemetry semantic conventions v1.41.1: explicit bucket boundaries
 * advised for gen_ai.client.operation.duration and gen_ai.server.time_to_first_token.
 */
export const DURATION_BOUNDS_S: readonly number[] = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
export const TTFT_BOUNDS_S: readonly number[] = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/** Counts per bucket (not cumulative, the last is above every bound) and the sum in seconds. */
export interface HistogramSnapshot {
  counts: number[];
  sumS: number;
}

export interface RequestCount {
  service: string;
  route: string;
  engine: string;
  outcome: string;
  count: number;
}

export interface ServiceCounts {
  service: string;
  /** Requests that reached an engine: all outcomes but `rejected`. */
  duration: HistogramSnapshot;
  ttft: HistogramSnapshot;
  tokensIn: number;
  tokensOut: number;
  /** Requests that reached an engine and whose input or output tokens are not known. */
  tokensUnknown: number;
  retries: number;
}

/** What a worker reads off at the moment of a snapshot. */
export interface WorkerGauges {
  inFlight: number;
  queueDepth: number;
  /** Records dropped by the journal since the worker started, and bytes not yet on disk. */
  journalLost: number;
  journalPendingBytes: number;
}

export interface ProcessUsage {
  rssBytes: number;
  cpuSeconds: number;
}

/** Plain JSON: travels over IPC from a worker to the control process. */
export interface WorkerMetricsSnapshot extends WorkerGauges, ProcessUsage {
  requests: RequestCount[];
  services: ServiceCounts[];
}

export interface WorkerMetrics {
  /** Counts one settled request. Never throws. */
  requestSettled(record: RequestRecord): void;
  snapshot(): WorkerMetricsSnapshot;
}

/** Resident memory and CPU time (user and system) of this process. */
export function processUsage(): ProcessUsage {
  const cpu = process.cpuUsage();
  return { rssBytes: process.memoryUsage.rss(), cpuSeconds: (cpu.user + cpu.system) / 1e6 };
}

/** A worker's registry. `gauges` and `usage` are asked only when a snapshot is taken. */
export function createWorkerMetrics(
  gauges: () => WorkerGauges,
  usage: () => ProcessUsage = processUsage,
): WorkerMetrics {
  const requests = new Map<string, RequestCount>();
  const services = new Map<string, ServiceCounts>();

  return {
    requestSettled(record) {
      const service = record.service ?? '';
      requestCount(requests, record, service).count += 1;
      countService(serviceCounts(services, service), record);
    },
    snapshot: () => ({
      ...gauges(),
      ...usage(),
      requests: structuredClone([...requests.values()]),
      services: structuredClone([...services.values()]),
    }),
  };
}

function requestCount(
  requests: Map<string, RequestCount>,
  record: RequestRecord,
  service: string,
): RequestCount {
  const route = record.route ?? '';
  const engine = record.engine ?? '';
  const { outcome } = record;
  const known = requests.get(`${service}\n${route}\n${engine}\n${outcome}`);
  if (known !== undefined) return known;
  const isFull = requests.size >= MAX_SERIES;
  const labels = isFull
    ? { service: OTHER, route: OTHER, engine: OTHER, outcome }
    : { service, route, engine, outcome };
  const key = `${labels.service}\n${labels.route}\n${labels.engine}\n${outcome}`;
  let count = requests.get(key);
  if (count === undefined) {
    count = { ...labels, count: 0 };
    requests.set(key, count);
  }
  return count;
}

const emptyHistogram = (bounds: readonly number[]): HistogramSnapshot => ({
  counts: Array.from({ length: bounds.length + 1 }, () => 0),
  sumS: 0,
});

export const emptyServiceCounts = (service: string): ServiceCounts => ({
  service,
  duration: emptyHistogram(DURATION_BOUNDS_S),
  ttft: emptyHistogram(TTFT_BOUNDS_S),
  tokensIn: 0,
  tokensOut: 0,
  tokensUnknown: 0,
  retries: 0,
});

/** The counts of a service, or those of `other` when there are too many; creates either. */
export function serviceCounts(services: Map<string, ServiceCounts>, name: string): ServiceCounts {
  const key = services.has(name) || services.size < MAX_SERIES ? name : OTHER;
  let counts = services.get(key);
  if (counts === undefined) {
    counts = emptyServiceCounts(key);
    services.set(key, counts);
  }
  return counts;
}

function countService(counts: ServiceCounts, record: RequestRecord): void {
  if (record.attempts.length > 1) counts.retries += record.attempts.length - 1;
  if (record.outcome === 'rejected') return;
  const { latency, tokens } = record;
  observe(counts.duration, DURATION_BOUNDS_S, latency.e2eMs / 1000);
  if (latency.ttftMs !== null) observe(counts.ttft, TTFT_BOUNDS_S, latency.ttftMs / 1000);
  counts.tokensIn += tokens.in ?? 0;
  counts.tokensOut += tokens.out ?? 0;
  if (tokens.in === null || tokens.out === null) counts.tokensUnknown += 1;
}

function observe(histogram: HistogramSnapshot, bounds: readonly number[], valueS: number): void {
  let at = 0;
  while (at < bounds.length && valueS > (bounds[at] ?? 0)) at += 1;
  histogram.counts[at] = (histogram.counts[at] ?? 0) + 1;
  histogram.sumS += valueS;
}
