import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { LedgerHealth } from '../../measure/ledger/ledger.ts';
import type { ControlDeps, WorkerStats } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { workerFamilies } from '../metrics-page.ts';
import {
  PROMETHEUS_CONTENT_TYPE,
  family,
  renderFamilies,
  type Family,
} from '../prometheus-text.ts';
import { failures, security } from '../route-parts.ts';
import { createWorkerHistory } from '../worker-history.ts';
import { processUsage } from '../worker-metrics.ts';
import { askLedgerHealth, askWorkers } from './health.ts';

const metricsRoute = createRoute({
  method: 'get',
  path: '/metrics',
  operationId: 'getMetrics',
  summary: 'Metrics of Tailrace itself, Prometheus text format 0.0.4',
  security,
  responses: {
    200: { description: 'The exposition.', content: { 'text/plain': { schema: z.string() } } },
    ...failures,
  },
});

function ledgerFamilies(ledger: LedgerHealth | null, nowMs: number): Family[] {
  const up = family('tailrace_ledger_up', 'gauge', 'Whether the ledger answers.', [
    { value: ledger === null ? 0 : 1 },
  ]);
  if (ledger === null) return [up];
  const one = (name: string, type: 'counter' | 'gauge', help: string, value: number | null) =>
    family(`tailrace_ledger_${name}`, type, help, [{ value }]);
  const { newestRecordMs } = ledger;
  const ageSeconds = newestRecordMs === null ? null : Math.max(0, nowMs - newestRecordMs) / 1000;
  return [
    up,
    one('records', 'gauge', 'Records in the ledger.', ledger.recordsTotal),
    one('buffer_rows', 'gauge', 'Records not yet in a segment.', ledger.bufferRows),
    one('segments', 'gauge', 'Sealed segments.', ledger.segments),
    one('segment_bytes', 'gauge', 'Bytes of the sealed segments.', ledger.segmentBytes),
    one('journal_lag_bytes', 'gauge', 'Journal bytes not yet taken in.', ledger.journalLagBytes),
    one('newest_record_age_seconds', 'gauge', 'Age of the newest record.', ageSeconds),
    one('lost_records_total', 'counter', 'Records known to be lost.', ledger.lostRecords),
    one(
      'corrupt_frames_total',
      'counter',
      'Journal frames that failed their checksum.',
      ledger.corruptFrames,
    ),
    one(
      'duplicate_records_total',
      'counter',
      'Records that came twice and were dropped.',
      ledger.duplicateRecords,
    ),
    one('disk_full', 'gauge', 'Whether the disk refuses writes.', ledger.diskFull ? 1 : 0),
  ];
}

function processFamilies(workers: readonly WorkerStats[], version: string): Family[] {
  const control = { labels: { process: 'control' }, ...processUsage() };
  const processes = workers.flatMap(({ worker, metrics }) =>
    metrics === null
      ? []
      : [
          {
            labels: { process: worker },
            rssBytes: metrics.rssBytes,
            cpuSeconds: metrics.cpuSeconds,
          },
        ],
  );
  const all = [control, ...processes];
  return [
    family('tailrace_build_info', 'gauge', 'Version of this instance.', [
      { labels: { version }, value: 1 },
    ]),
    family(
      'tailrace_worker_up',
      'gauge',
      'Whether a gateway worker runs.',
      workers.map(({ worker, up }) => ({ labels: { worker }, value: up ? 1 : 0 })),
    ),
    family(
      'tailrace_worker_restarts_total',
      'counter',
      'Restarts of a gateway worker.',
      workers.map(({ worker, restarts }) => ({ labels: { worker }, value: restarts })),
    ),
    family(
      'tailrace_process_resident_memory_bytes',
      'gauge',
      'Resident memory.',
      all.map(({ labels, rssBytes }) => ({ labels, value: rssBytes })),
    ),
    family(
      'tailrace_process_cpu_seconds_total',
      'counter',
      'User and system CPU time.',
      all.map(({ labels, cpuSeconds }) => ({ labels, value: cpuSeconds })),
    ),
  ];
}

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  const history = createWorkerHistory();
  app.openapi(metricsRoute, async (c) => {
    const [ledger, workers] = await Promise.all([askLedgerHealth(deps), askWorkers(deps)]);
    const text = renderFamilies([
      ...workerFamilies(history.observe(workers)),
      ...ledgerFamilies(ledger, deps.clock.wallMs()),
      ...processFamilies(workers ?? [], deps.version),
    ]);
    return c.text(text, 200, { 'content-type': PROMETHEUS_CONTENT_TYPE });
  });
}

/** `GET /metrics`. Works without the ledger and without the workers, and says so. */
export const metricsEndpoint: Endpoint = { routes: [metricsRoute], register };
