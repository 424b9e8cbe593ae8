import { describe, expect, it } from 'vitest';
import { engineConfig } from '../../config/schema.ts';
import { createMeter, type PricedFacts } from './meter.ts';

const hardware = { accelerator: 'h100-sxm', model: 'llama-3.1-8b' };
const rented = { basis: 'rented', usdPerAcceleratorHour: 3.6 };

const engines = [
  { name: 'openai', url: 'https://api.openai.com/v1', cost: { basis: 'api' } },
  { name: 'sim', simulated: {}, hardware, cost: rented },
  { name: 'vllm', url: 'http://127.0.0.1:8000/v1', hardware, cost: rented },
  { name: 'bare', url: 'http://127.0.0.1:8001/v1', cost: rented },
  { name: 'free', url: 'http://127.0.0.1:8002/v1', hardware },
].map((one) => engineConfig.parse(one));

const facts = (some: Partial<PricedFacts>): PricedFacts => ({
  engine: 'openai',
  modelServed: 'gpt-5.4',
  startedAtMs: Date.UTC(2026, 8, 1),
  tokens: { in: 1000, cachedIn: 0, cacheWrite: 0, out: 100, reasoning: 0 },
  inFlight: 1,
  simulation: null,
  ...some,
});

const simulation = {
  simulated: true as const,
  queueMs: 1,
  prefillMs: 10,
  decodeMs: 100,
  acceleratorSeconds: 0.25,
  energyWh: 0.04,
  preemptions: 0,
};

const unknown = { usageUsd: null, acceleratorSeconds: null, basis: 'unknown' };

describe('meter', () => {
  const meter = createMeter(engines);

  it('prices an API request by its tokens; its energy is unknown', () => {
    expect(meter.price(facts({}))).toEqual({
      cost: {
        kind: 'api',
        usageUsd: expect.closeTo(0.004, 12),
        acceleratorSeconds: null,
        basis: 'measured',
      },
      energy: { energyWh: null, basis: 'unknown' },
    });
  });

  it('says estimated when the tokens were counted here', () => {
    expect(meter.price(facts({ usageSource: 'estimated' })).cost.basis).toBe('estimated');
  });

  it('takes accelerator time and energy from the simulation, and calls them modelled', () => {
    expect(meter.price(facts({ engine: 'sim', simulation }))).toEqual({
      cost: {
        kind: 'rented',
        usageUsd: expect.closeTo(0.00025, 12),
        acceleratorSeconds: 0.25,
        basis: 'modelled',
      },
      energy: { energyWh: 0.04, basis: 'modelled' },
    });
  });

  it('estimates from described hardware, with the in-flight count of all workers', () => {
    const alone = meter.price(facts({ engine: 'vllm' })).cost;
    expect(alone).toMatchObject({ kind: 'rented', basis: 'estimated' });
    expect(alone.usageUsd).toBeCloseTo((alone.acceleratorSeconds ?? 0) * 0.001, 15);
    const two = createMeter(engines, { workers: 2 }).price(facts({ engine: 'vllm' })).cost;
    expect(two).toEqual(meter.price(facts({ engine: 'vllm', inFlight: 2 })).cost);
    expect(two.usageUsd).toBeLessThan(alone.usageUsd ?? 0);
  });

  it('never makes a figure up', () => {
    const cost = (some: Partial<PricedFacts>) => meter.price(facts(some)).cost;
    expect(cost({ modelServed: 'nobody-knows' })).toEqual({ kind: 'api', ...unknown });
    expect(cost({ engine: 'bare' })).toEqual({ kind: 'rented', ...unknown });
    expect(cost({ engine: 'gone' })).toEqual({ kind: 'unknown', ...unknown });
    expect(cost({ engine: 'free' })).toMatchObject({ kind: 'unknown', usageUsd: null });
  });

  it('remembers a bounded number of model names and stays right beyond it', () => {
    for (let i = 0; i < 1500; i++) meter.price(facts({ modelServed: `stranger-${i}` }));
    expect(meter.price(facts({})).cost.usageUsd).toBeCloseTo(0.004, 12);
    expect(meter.price(facts({ modelServed: 'stranger-0' })).cost.usageUsd).toBeNull();
  });
});
