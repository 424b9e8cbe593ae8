import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/records/clock.ts';
import { probeEndpoint } from '../../src/govern/vendors/probe/probe-endpoint.ts';
import { probeSettings } from '../../src/govern/vendors/probe/probe-settings.ts';
import type { ProbeReport } from '../../src/govern/vendors/vendor-records.ts';
import { startTestEngine, testConfig } from '../../src/plan/live/live-fixture.ts';
import type { SimulatedEngine } from '../../src/plan/live/server.ts';
import { startLyingEndpoint, type Lie } from '../upstream/lying-endpoint.ts';

const MODEL = 'llama-3.1-8b';
const KEY = 'sk-right';
let engine: SimulatedEngine;

beforeAll(async () => {
  engine = await startTestEngine({ ...testConfig({ speed: 50 }), models: [MODEL] });
});
afterAll(() => engine.close());

interface Change {
  requests?: number;
  baseline?: ProbeReport | null;
}

/** Probes an endpoint that tells `lie`; under 200 requests, or the test fails. */
async function probe(
  lie: Lie,
  { requests = 160, baseline = null }: Change = {},
): Promise<ProbeReport> {
  const endpoint = await startLyingEndpoint(engine.url, lie);
  try {
    const asked = { endpoint: endpoint.url, model: MODEL, key: KEY, requests, perSecond: 20 };
    const settings = probeSettings(asked);
    if (!settings.ok) throw settings.error;
    const signal = new AbortController().signal;
    const options = { settings: settings.value, clock: systemClock, signal, baseline };
    const report = await probeEndpoint(options);
    expect(endpoint.requests()).toBe(report.requests);
    expect(report.requests).toBeLessThan(200);
    return report;
  } finally {
    await endpoint.close();
  }
}

const failed = ({ checks }: ProbeReport): string[] =>
  checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);

it.concurrent('finds nothing wrong with an honest endpoint', async () => {
  const report = await probe({ kind: 'none' });
  expect(failed(report)).toEqual([]);
  const verdicts = Object.fromEntries(report.checks.map(({ id, verdict }) => [id, verdict]));
  expect(verdicts).toMatchObject({
    tls: 'absent',
    auth: 'pass',
    errors: 'pass',
    streaming: 'pass',
    usage: 'pass',
    pinning: 'pass',
    'rate-limits': 'absent',
    availability: 'pass',
  });
  expect(report.simulated).toBe(true);
  const { ttftMsP50, ttftMsP95, goodPercent } = report.metrics;
  expect(ttftMsP50?.low).toBeLessThanOrEqual(ttftMsP50?.value ?? 0);
  expect(ttftMsP95?.value).toBeGreaterThanOrEqual(ttftMsP50?.value ?? 0);
  expect(goodPercent?.value).toBe(100);
  expect(goodPercent?.low).toBeGreaterThan(95);
});

it.concurrent('finds a model that drifts, all of it or every second request', async () => {
  const all = probe({ kind: 'drift', fromChat: 80, every: 1 });
  const some = probe({ kind: 'drift', fromChat: 80, every: 2 });
  expect(failed(await all)).toEqual(['pinning']);
  expect(failed(await some)).toEqual(['pinning']);
});

it.concurrent('finds broken streams', async () => {
  const cut = probe({ kind: 'cut-stream', every: 12 });
  const garbled = probe({ kind: 'garbled-stream', every: 20 });
  expect(failed(await cut)).toContain('streaming');
  expect(failed(await garbled)).toContain('streaming');
});

it.concurrent('finds false usage', async () => {
  const runs = await Promise.all([
    probe({ kind: 'usage', promptFactor: 1.1, replyFactor: 1, every: 1 }),
    probe({ kind: 'usage', promptFactor: 1, replyFactor: 1.15, every: 1 }),
    probe({ kind: 'usage', promptFactor: 1.5, replyFactor: 1.5, every: 10 }),
  ]);
  for (const report of runs) expect(failed(report)).toEqual(['usage']);
});

it.concurrent('finds a model that was another one at the last probe', async () => {
  const before = await probe({ kind: 'none' }, { requests: 60 });
  const same = await probe({ kind: 'none' }, { requests: 60, baseline: before });
  expect(failed(same)).toEqual([]);
  const other = await probe(
    { kind: 'drift', fromChat: 0, every: 1 },
    { requests: 60, baseline: before },
  );
  expect(failed(other)).toEqual(['pinning']);
});
