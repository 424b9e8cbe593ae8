import { afterEach, describe, expect, it } from 'vitest';
import { drawFault, patchFaults, readFaultHeader } from './faults.ts';
import { readMetrics, sampleOf, startTestEngine, testConfig } from './live-fixture.ts';
import type { SimulatedEngine } from './server.ts';

const settings = { errorRate: 0, stallRate: 0, stallMs: 60, cutRate: 0, slowStartMs: 0 };
const running: SimulatedEngine[] = [];

async function start(faults = settings): Promise<SimulatedEngine> {
  const engine = await startTestEngine(testConfig({ faults, speed: 100 }));
  running.push(engine);
  return engine;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((engine) => engine.close()));
});

const chat = (engine: SimulatedEngine, stream: boolean, fault?: string): Promise<Response> =>
  fetch(`${engine.url}/chat/completions`, {
    method: 'POST',
    headers: fault === undefined ? {} : { 'x-tailrace-fault': fault },
    body: JSON.stringify({
      model: 'm',
      messages: [{ role: 'user', content: ' the the' }],
      max_tokens: 20,
      ignore_eos: true,
      stream,
    }),
  });

async function setFaults(engine: SimulatedEngine, body: object, type = 'application/json') {
  return fetch(new URL('/faults', engine.url), {
    method: 'POST',
    headers: { 'content-type': type },
    body: JSON.stringify(body),
  });
}

describe('faults by header', () => {
  it('answers an error before any work', async () => {
    const engine = await start();
    const response = await chat(engine, false, 'error');
    expect(response.status).toBe(500);
    expect(response.headers.get('x-tailrace-simulated')).toBe('true');
    expect(await response.json()).toMatchObject({ error: { code: 'simulated_fault' } });
    expect(sampleOf(await readMetrics(engine), 'vllm:prompt_tokens_total')).toBe(0);
  });

  it('cuts a stream after some tokens and a unary reply in the middle, and frees the engine', async () => {
    const engine = await start();
    const stream = await chat(engine, true, 'cut');
    expect(stream.status).toBe(200);
    let text = '';
    const reading = (async () => {
      for await (const piece of stream.body ?? []) text += Buffer.from(piece).toString();
    })();
    await expect(reading).rejects.toThrow();
    expect(text.match(/"content":"[^"]/g)).toHaveLength(3);
    expect(text).not.toContain('[DONE]');
    const unary = await chat(engine, false, 'cut');
    await expect(unary.text()).rejects.toThrow();
    await expect
      .poll(async () => sampleOf(await readMetrics(engine), 'vllm:num_requests_running'))
      .toBe(0);
  });

  it('stalls a stream part of the way, then delivers the rest', async () => {
    const engine = await start();
    const response = await chat(engine, true, 'stall=120');
    const arrivals: Array<{ atMs: number; tokens: number }> = [];
    let text = '';
    for await (const piece of response.body ?? []) {
      text += Buffer.from(piece).toString();
      arrivals.push({
        atMs: performance.now(),
        tokens: text.match(/"content":"[^"]/g)?.length ?? 0,
      });
    }
    const before = arrivals.findLast(({ tokens }) => tokens <= 3);
    const after = arrivals.find(({ tokens }) => tokens > 3);
    expect((after?.atMs ?? 0) - (before?.atMs ?? 0)).toBeGreaterThan(100);
    expect(text.match(/"content":"[^"]/g)).toHaveLength(20);
    expect(text).toContain('[DONE]');
  });

  it('holds a request back on a slow start', async () => {
    const engine = await start();
    const startMs = performance.now();
    expect((await chat(engine, false, 'slow-start=80')).status).toBe(200);
    expect(performance.now() - startMs).toBeGreaterThan(75);
  });

  it('refuses a fault it does not know', async () => {
    expect((await chat(await start(), false, 'explode')).status).toBe(400);
  });
});

describe('faults by settings', () => {
  it('applies what POST /faults says from then on', async () => {
    const engine = await start();
    expect((await chat(engine, false)).status).toBe(200);
    expect((await setFaults(engine, { errorRate: 1 })).status).toBe(200);
    expect((await chat(engine, false)).status).toBe(500);
    expect((await chat(engine, false, 'slow-start=1')).status).toBe(200);
    await setFaults(engine, { errorRate: 0 });
    expect((await chat(engine, false)).status).toBe(200);
    expect((await setFaults(engine, { errorRate: 2 })).status).toBe(400);
    expect((await setFaults(engine, { eror: 1 })).status).toBe(400);
    expect((await setFaults(engine, { errorRate: 1 }, 'text/plain')).status).toBe(415);
  });

  it('is unhealthy while a slow start lasts', async () => {
    const engine = await start({ ...settings, slowStartMs: 500 });
    const health = async () => (await fetch(new URL('/health', engine.url))).status;
    expect(await health()).toBe(503);
    expect((await chat(engine, false)).status).toBe(200);
    expect(await health()).toBe(200);
  });

  it('draws each fault at its rate, the same for the same seed', () => {
    const rates = { ...settings, errorRate: 0.1, stallRate: 0.2, cutRate: 0.3 };
    const counts = { error: 0, stall: 0, cut: 0, none: 0, 'slow-start': 0 };
    for (let seed = 0; seed < 20_000; seed += 1) {
      counts[drawFault(seed, rates, 0).kind] += 1;
      expect(drawFault(seed, rates, 0)).toEqual(drawFault(seed, rates, 0));
    }
    expect(counts.error / 20_000).toBeCloseTo(0.1, 1);
    expect(counts.stall / 20_000).toBeCloseTo(0.2, 1);
    expect(counts.cut / 20_000).toBeCloseTo(0.3, 1);
    expect(counts['slow-start']).toBe(0);
  });

  it('reads times of the header and falls back to the settings', () => {
    expect(readFaultHeader('stall', settings)).toEqual({
      ok: true,
      value: { kind: 'stall', ms: 60 },
    });
    expect(readFaultHeader(undefined, settings)).toEqual({ ok: true, value: null });
    expect(readFaultHeader('stall=x', settings).ok).toBe(false);
    expect(patchFaults(settings, { cutRate: 0.5 })).toEqual({
      ok: true,
      value: { ...settings, cutRate: 0.5 },
    });
  });
});
