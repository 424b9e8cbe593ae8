import { expect, test } from 'vitest';
import { mergeSnapshots, renderMetrics } from './metrics-page.ts';
import { testingRecord } from '../records/testing-record.ts';
import { MAX_SERIES, createWorkerMetrics, type WorkerGauges } from './worker-metrics.ts';

const gauges = (): WorkerGauges => ({
  inFlight: 2,
  queueDepth: 1,
  journalLost: 3,
  journalPendingBytes: 64,
});
const usage = () => ({ rssBytes: 1_000, cpuSeconds: 1.5 });

const lineOf = (text: string, start: string): string | undefined =>
  text.split('\n').find((line) => line.startsWith(start));

test('a settled request shows up in every family', () => {
  const metrics = createWorkerMetrics(gauges, usage);
  const retried = testingRecord({
    attempts: [
      { engine: 'b', status: 503, durationMs: 1, errorCode: 'TR_UPSTREAM_ERROR' },
      { engine: 'h100', status: 200, durationMs: 480, errorCode: null },
    ],
  });
  metrics.requestSettled(testingRecord());
  metrics.requestSettled(retried);
  const text = renderMetrics([metrics.snapshot()]);
  const labels = '{service="chat",route="chat",engine="h100",outcome="success"}';
  expect(lineOf(text, `tailrace_requests_total${labels}`)).toMatch(/ 2$/);
  const bucket = 'tailrace_request_duration_seconds_bucket{service="chat",le=';
  expect(lineOf(text, `${bucket}"0.32"`)).toMatch(/ 0$/);
  expect(lineOf(text, `${bucket}"0.64"`)).toMatch(/ 2$/);
  expect(lineOf(text, `${bucket}"+Inf"`)).toMatch(/ 2$/);
  expect(lineOf(text, 'tailrace_request_duration_seconds_sum')).toMatch(/ 1$/);
  const ttft = 'tailrace_time_to_first_token_seconds_bucket{service="chat",le="0.08"}';
  expect(lineOf(text, ttft)).toMatch(/ 2$/);
  expect(lineOf(text, 'tailrace_tokens_total{service="chat",direction="out"}')).toMatch(/ 100$/);
  expect(lineOf(text, 'tailrace_retries_total{service="chat"}')).toMatch(/ 1$/);
  expect(lineOf(text, 'tailrace_inflight')).toBe('tailrace_inflight 2');
  expect(lineOf(text, 'tailrace_journal_lost_total')).toBe('tailrace_journal_lost_total 3');
});

test('a rejected request counts, but has no duration and no tokens', () => {
  const metrics = createWorkerMetrics(gauges, usage);
  metrics.requestSettled(testingRecord({ outcome: 'rejected', service: null, engine: null }));
  const { requests, services } = metrics.snapshot();
  expect(requests).toEqual([
    { service: '', route: 'chat', engine: '', outcome: 'rejected', count: 1 },
  ]);
  expect(services[0]).toMatchObject({ tokensIn: 0, tokensUnknown: 0, duration: { sumS: 0 } });
});

test('unknown tokens are counted as unknown, not as zero', () => {
  const metrics = createWorkerMetrics(gauges, usage);
  const tokens = { in: 7, cachedIn: null, cacheWrite: null, out: null, reasoning: null };
  metrics.requestSettled(testingRecord({ tokens }));
  expect(metrics.snapshot().services[0]).toMatchObject({ tokensIn: 7, tokensUnknown: 1 });
});

test('label sets are bounded in a worker and over workers; nothing is uncounted', () => {
  const snapshots = [0, 1].map((worker) => {
    const metrics = createWorkerMetrics(gauges, usage);
    for (let i = 0; i < MAX_SERIES + 50; i += 1) {
      metrics.requestSettled(testingRecord({ service: `s${worker}-${i}` }));
    }
    return metrics.snapshot();
  });
  for (const { requests, services } of [...snapshots, mergeSnapshots(snapshots)]) {
    expect(requests.length).toBe(MAX_SERIES + 1);
    expect(services.length).toBe(MAX_SERIES + 1);
    expect(requests.at(-1)).toMatchObject({ service: 'other', route: 'other', engine: 'other' });
  }
  const merged = mergeSnapshots(snapshots);
  const counted = merged.requests.reduce((sum, one) => sum + one.count, 0);
  expect(counted).toBe(2 * (MAX_SERIES + 50));
});

test('snapshots survive JSON and are not changed by later requests', () => {
  const metrics = createWorkerMetrics(gauges, usage);
  metrics.requestSettled(testingRecord());
  const before = metrics.snapshot();
  const copy: unknown = JSON.parse(JSON.stringify(before));
  metrics.requestSettled(testingRecord());
  expect(before).toEqual(copy);
});

test('merging adds up, whatever the order', () => {
  const one = createWorkerMetrics(gauges, usage);
  const two = createWorkerMetrics(gauges, usage);
  one.requestSettled(testingRecord());
  two.requestSettled(testingRecord({ outcome: 'timeout' }));
  const [a, b] = [one.snapshot(), two.snapshot()];
  expect(renderMetrics([a, b]).split('\n').toSorted()).toEqual(
    renderMetrics([b, a]).split('\n').toSorted(),
  );
  expect(mergeSnapshots([a, b])).toMatchObject({ inFlight: 4, rssBytes: 2_000, cpuSeconds: 3 });
});
