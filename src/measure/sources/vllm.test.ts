import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { engineConfig, type EngineConfig } from '../../config/schema.ts';
import { engineSample } from '../../records/engine-sample.ts';
import { createScraper, metricsUrlOf } from './vllm.ts';

let server: Server;
let base = '';
let reply: { status: number; body: string } = { status: 200, body: '' };

beforeAll(async () => {
  server = createServer((request, response) => {
    expect(request.headers.authorization).toBeUndefined();
    response.writeHead(reply.status, reply.status === 302 ? { location: '/elsewhere' } : {});
    response.end(reply.body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const time = { wallMs: 1_000_000, monoMs: 0 };
const clock = { wallMs: () => time.wallMs, monoMs: () => time.monoMs };
const pass = (seconds: number): void => {
  time.wallMs += seconds * 1000;
  time.monoMs += seconds * 1000;
};
beforeEach(() => {
  time.wallMs = 1_000_000;
  time.monoMs = 0;
});

const scraper = (some: Record<string, unknown> = {}) => {
  const engine = engineConfig.parse({ name: 'one', url: `${base}/v1`, apiKey: 'secret', ...some });
  const source = createScraper({ engine, clock, fetch, timeoutMs: 2000 });
  return async (body: string, seconds: number, status = 200) => {
    reply = { status, body };
    pass(seconds);
    return engineSample.parse(await source.scrape());
  };
};

const simulated = (busyS: number, energyJ: number): string =>
  [
    'tailrace_sim_info{simulated="true",model="llama-3.1-8b",accelerator="h100-sxm"} 1',
    `tailrace_sim_busy_seconds_total ${busyS}`,
    `tailrace_sim_energy_joules_total ${energyJ}`,
    `tailrace_sim_running_seconds_total ${busyS * 8}`,
    `tailrace_sim_waiting_seconds_total ${busyS / 2}`,
    `tailrace_sim_kv_seconds_total ${busyS / 4}`,
    'tailrace_sim_batch_limit 256',
    'vllm:num_requests_running{model_name="m",engine="0"} 99',
    'vllm:num_preemptions_total{model_name="m",engine="0"} 3',
    '',
  ].join('\n');

describe('simulated engine', () => {
  const hardware = { accelerator: 'h100-sxm', count: 2, model: 'llama-3.1-8b' };

  it('takes exact means from counter differences', async () => {
    const scrape = scraper({ hardware, simulated: {} });
    await scrape(simulated(100, 5000), 10);
    expect(await scrape(simulated(106, 8600), 10)).toEqual({
      engine: 'one',
      fromMs: 1_010_000,
      toMs: 1_020_000,
      up: true,
      acceleratorSeconds: 20,
      busyShare: 0.6,
      runningMean: expect.closeTo(4.8, 9),
      waitingMean: expect.closeTo(0.3, 9),
      batchLimit: 256,
      kvUsageShare: expect.closeTo(0.15, 9),
      preemptions: 0,
      energyWh: 1,
      basis: 'modelled',
      simulated: true,
    });
  });

  it('counts in simulated seconds when the simulation runs faster than time', async () => {
    const scrape = scraper({ hardware, simulated: { speed: 10 } });
    await scrape(simulated(0, 0), 1);
    expect(await scrape(simulated(50, 0), 10)).toMatchObject({
      busyShare: 0.5,
      acceleratorSeconds: 200,
    });
  });

  it('takes the time that passed from the simulation, when it says', async () => {
    const scrape = scraper({ hardware, simulated: { speed: 10 } });
    await scrape(`tailrace_sim_clock_seconds_total 7\n${simulated(0, 0)}`, 1);
    // It lags: 80 simulated seconds in 10 real ones instead of 100.
    const sample = await scrape(`tailrace_sim_clock_seconds_total 87\n${simulated(40, 0)}`, 10);
    expect(sample).toMatchObject({ busyShare: 0.5, acceleratorSeconds: 160 });
  });

  it('says nothing of an interval with a restart, then goes on', async () => {
    const scrape = scraper({ hardware, simulated: {} });
    await scrape(simulated(100, 5000), 10);
    const restart = await scrape(simulated(1, 50), 10);
    expect(restart).toMatchObject({ up: true, busyShare: null, energyWh: null, preemptions: null });
    expect(restart.acceleratorSeconds).toBe(20);
    expect((await scrape(simulated(6, 50), 10)).busyShare).toBe(0.5);
  });

  it('sees a restart that only the start time betrays', async () => {
    const scrape = scraper({ hardware, simulated: {} });
    await scrape(`process_start_time_seconds 5\n${simulated(1, 0)}`, 10);
    const after = await scrape(`process_start_time_seconds 9\n${simulated(4, 0)}`, 10);
    expect(after.busyShare).toBeNull();
  });
});

describe('plain vLLM', () => {
  const body = (running: number, waiting: number, kv: string, preempted: number): string =>
    [
      '# TYPE vllm:num_requests_running gauge',
      `vllm:num_requests_running{engine="0",model_name="m"} ${running}`,
      `vllm:num_requests_running{engine="1",model_name="m"} ${running}`,
      `vllm:num_requests_waiting{engine="0",model_name="m"} ${waiting}`,
      `${kv} 0.5`,
      `vllm:num_preemptions_total{engine="0",model_name="m"} ${preempted}`,
      '',
    ].join('\n');

  it('averages gauges over the interval and leaves the rest unknown', async () => {
    const scrape = scraper();
    await scrape(body(2, 0, 'vllm:kv_cache_usage_perc', 4), 5);
    expect(await scrape(body(4, 6, 'vllm:kv_cache_usage_perc', 7), 5)).toEqual({
      engine: 'one',
      fromMs: 1_005_000,
      toMs: 1_010_000,
      up: true,
      acceleratorSeconds: null,
      busyShare: null,
      runningMean: 6,
      waitingMean: 3,
      batchLimit: null,
      kvUsageShare: 0.5,
      preemptions: 3,
      energyWh: null,
      basis: 'measured',
      simulated: false,
    });
  });

  it('knows the older name of KV usage', async () => {
    const sample = await scraper()(body(1, 0, 'vllm:gpu_cache_usage_perc', 0), 5);
    expect(sample).toMatchObject({ kvUsageShare: 0.5, runningMean: 2, preemptions: null });
  });
});

describe('SGLang', () => {
  it('says what runs, waits and fills its cache', async () => {
    const page = new URL(
      '../../../test/fixtures/metrics/sglang_metrics_sample.prom',
      import.meta.url,
    );
    const sample = await scraper()(readFileSync(page, 'utf8'), 2);
    expect(sample).toMatchObject({ up: true, waitingMean: 2826, kvUsageShare: 0.28 });
  });
});

describe('trouble', () => {
  const unknown = { busyShare: null, runningMean: null, energyWh: null, basis: 'unknown' };
  const hardware = { accelerator: 'h100-sxm', model: 'llama-3.1-8b' };

  it('is down when it answers 5xx or not at all, and is still paid for', async () => {
    const scrape = scraper({ hardware });
    expect(await scrape('', 10, 503)).toMatchObject({
      up: false,
      acceleratorSeconds: 10,
      ...unknown,
    });
    const engine = engineConfig.parse({ name: 'one', url: 'http://127.0.0.1:1/v1', hardware });
    const source = createScraper({ engine, clock, fetch });
    pass(3);
    expect(await source.scrape()).toMatchObject({ up: false, acceleratorSeconds: 3, ...unknown });
  });

  it('is up but unknown without usable metrics', async () => {
    const scrape = scraper();
    expect(await scrape('', 1, 404)).toMatchObject({ up: true, ...unknown });
    expect(await scrape('<html>', 1)).toMatchObject({ up: true, ...unknown });
    expect(await scrape('vllm:num_requests_running 1', 1)).toMatchObject({ up: true, ...unknown });
    expect(await scrape(`x 1\n${'#'.repeat(9_000_000)}\n`, 1)).toMatchObject({
      up: true,
      ...unknown,
    });
  });

  it('does not follow redirects', async () => {
    expect(await scraper()('', 1, 302)).toMatchObject({ up: false });
  });

  it('keeps the length of an interval when the wall clock steps back', async () => {
    const scrape = scraper({ hardware });
    await scrape('', 10, 404);
    time.wallMs -= 3_600_000;
    const sample = await scrape('', 10, 404);
    expect(sample.toMs - sample.fromMs).toBe(10_000);
  });
});

describe('metricsUrlOf', () => {
  const engine = (some: Record<string, unknown>): EngineConfig =>
    engineConfig.parse({ name: 'one', ...some });

  it('is the configured address, the root of a self-hosted engine, or none', () => {
    expect(metricsUrlOf(engine({ metricsUrl: 'http://h/m', url: 'http://h/v1' }))).toBe(
      'http://h/m',
    );
    expect(metricsUrlOf(engine({ url: 'http://h:8000/v1' }))).toBe('http://h:8000/metrics');
    expect(
      metricsUrlOf(engine({ url: 'https://api.openai.com/v1', cost: { basis: 'api' } })),
    ).toBeNull();
  });

  it('takes an API without metrics for up and unknown', async () => {
    const api = engine({ url: 'https://api.openai.com/v1', cost: { basis: 'api' } });
    const source = createScraper({ engine: api, clock, fetch });
    expect(await source.scrape()).toMatchObject({ up: true, basis: 'unknown', busyShare: null });
  });
});
