import { family, histogramFamily, renderFamilies, type Family } from './prometheus-text.ts';
import {
  DURATION_BOUNDS_S,
  MAX_SERIES,
  OTHER,
  TTFT_BOUNDS_S,
  serviceCounts,
  type HistogramSnapshot,
  type RequestCount,
  type ServiceCounts,
  type WorkerMetricsSnapshot,
} from './worker-metrics.ts';

/** One snapshot that stands for several workers: counters and gauges add up. */
export function mergeSnapshots(snapshots: readonly WorkerMetricsSnapshot[]): WorkerMetricsSnapshot {
  const requests = new Map<string, RequestCount>();
  const services = new Map<string, ServiceCounts>();
  const total = (read: (one: WorkerMetricsSnapshot) => number): number =>
    snapshots.reduce((sum, one) => sum + read(one), 0);
  for (const snapshot of snapshots) {
    for (const one of snapshot.requests) addRequests(requests, one);
    for (const one of snapshot.services) addService(serviceCounts(services, one.service), one);
  }
  return {
    inFlight: total((one) => one.inFlight),
    queueDepth: total((one) => one.queueDepth),
    journalLost: total((one) => one.journalLost),
    journalPendingBytes: total((one) => one.journalPendingBytes),
    rssBytes: total((one) => one.rssBytes),
    cpuSeconds: total((one) => one.cpuSeconds),
    requests: [...requests.values()],
    services: [...services.values()],
  };
}

const requestKey = (one: Omit<RequestCount, 'count'>): string =>
  `${one.service}\n${one.route}\n${one.engine}\n${one.outcome}`;

function addRequests(requests: Map<string, RequestCount>, one: RequestCount): void {
  let labels = { service: one.service, route: one.route, engine: one.engine, outcome: one.outcome };
  if (!requests.has(requestKey(labels)) && requests.size >= MAX_SERIES) {
    labels = { ...labels, service: OTHER, route: OTHER, engine: OTHER };
  }
  const count = (requests.get(requestKey(labels))?.count ?? 0) + one.count;
  requests.set(requestKey(labels), { ...labels, count });
}

function addService(into: ServiceCounts, from: ServiceCounts): void {
  addHistogram(into.duration, from.duration);
  addHistogram(into.ttft, from.ttft);
  into.tokensIn += from.tokensIn;
  into.tokensOut += from.tokensOut;
  into.tokensUnknown += from.tokensUnknown;
  into.retries += from.retries;
}

function addHistogram(into: HistogramSnapshot, from: HistogramSnapshot): void {
  into.counts = into.counts.map((count, at) => count + (from.counts[at] ?? 0));
  into.sumS += from.sumS;
}

/** Metric families of the request path, from the snapshots of all workers. */
export function workerFamilies(snapshots: readonly WorkerMetricsSnapshot[]): Family[] {
  const all = mergeSnapshots(snapshots);
  const perService = (read: (one: ServiceCounts) => number) =>
    all.services.map((one) => ({ labels: { service: one.service }, value: read(one) }));
  return [
    family(
      'tailrace_requests_total',
      'counter',
      'Settled requests by outcome.',
      all.requests.map(({ count, ...labels }) => ({ labels, value: count })),
    ),
    histogramFamily(
      'tailrace_request_duration_seconds',
      'End to end time of requests that reached an engine.',
      DURATION_BOUNDS_S,
      all.services.map((one) => histogramOf(one.service, one.duration)),
    ),
    histogramFamily(
      'tailrace_time_to_first_token_seconds',
      'Time to the first content byte of the reply.',
      TTFT_BOUNDS_S,
      all.services.map((one) => histogramOf(one.service, one.ttft)),
    ),
    family(
      'tailrace_tokens_total',
      'counter',
      'Tokens where known; in includes cached ones.',
      all.services.flatMap(({ service, tokensIn, tokensOut }) => [
        { labels: { service, direction: 'in' }, value: tokensIn },
        { labels: { service, direction: 'out' }, value: tokensOut },
      ]),
    ),
    family(
      'tailrace_tokens_unknown_requests_total',
      'counter',
      'Requests that reached an engine and whose tokens are not known.',
      perService((one) => one.tokensUnknown),
    ),
    family(
      'tailrace_retries_total',
      'counter',
      'Attempts after the first.',
      perService((one) => one.retries),
    ),
    family('tailrace_inflight', 'gauge', 'Requests in flight.', [{ value: all.inFlight }]),
    family('tailrace_queue_depth', 'gauge', 'Requests waiting in Tailrace.', [
      { value: all.queueDepth },
    ]),
    family('tailrace_journal_lost_total', 'counter', 'Records that the journals had to drop.', [
      { value: all.journalLost },
    ]),
    family('tailrace_journal_pending_bytes', 'gauge', 'Record bytes not yet written to disk.', [
      { value: all.journalPendingBytes },
    ]),
  ];
}

const histogramOf = (service: string, one: HistogramSnapshot) => ({
  labels: { service },
  counts: one.counts,
  sum: one.sumS,
});

/** Prometheus text of the request path, merged over workers by sum. */
export const renderMetrics = (snapshots: readonly WorkerMetricsSnapshot[]): string =>
  renderFamilies(workerFamilies(snapshots));
