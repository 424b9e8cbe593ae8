import { describe, expect, it } from 'vitest';
import { engineConfig, type EngineConfig } from '../../config/schema.ts';
import { marginalCost, type EngineLoad } from './marginal-cost.ts';
import { outputWeight, splitByTokens } from './token-split.ts';
import { windowCost } from './window-cost.ts';

const hardware = { accelerator: 'h100-sxm', model: 'llama-3.1-8b' };
const rented = { basis: 'rented', usdPerAcceleratorHour: 3 };
const engine = (some: Record<string, unknown>): EngineConfig =>
  engineConfig.parse({ name: 'one', url: 'http://127.0.0.1:8000/v1', ...some });
const sim = engine({ url: undefined, simulated: {}, hardware, cost: rented });
const api = engine({ url: 'https://api.openai.com/v1', cost: { basis: 'api' } });

describe('window cost', () => {
  const facts = { acceleratorSeconds: 7200, share: 0.5, replies: 10, usageUsd: 1 };

  it('allocates provisioned time by share; usage differs when the engine idles', () => {
    expect(windowCost(sim, facts)).toEqual({
      kind: 'rented',
      usageUsd: 1,
      allocatedUsd: 3,
      missing: [],
    });
  });

  it('charges an engine that nobody used', () => {
    const idle = windowCost(sim, { ...facts, replies: 0, usageUsd: null });
    expect(idle).toMatchObject({ usageUsd: 0, allocatedUsd: 3, missing: [] });
  });

  it('has no idle time at a public API', () => {
    const cost = windowCost(api, { ...facts, acceleratorSeconds: null });
    expect(cost).toEqual({ kind: 'api', usageUsd: 1, allocatedUsd: 1, missing: [] });
  });

  it('names what is missing instead of guessing', () => {
    const unsampled = windowCost(sim, { ...facts, acceleratorSeconds: null });
    expect(unsampled).toMatchObject({ allocatedUsd: null, missing: ['samples of engines[one]'] });
    const bare = windowCost(engine({ cost: rented }), {
      ...facts,
      acceleratorSeconds: null,
      usageUsd: null,
    });
    expect(bare.missing).toEqual([
      'accelerator time per request at engines[one] (hardware)',
      'engines[one].hardware.count',
    ]);
    expect(windowCost(engine({}), facts)).toEqual({
      kind: 'unknown',
      usageUsd: null,
      allocatedUsd: null,
      missing: ['engines[one].cost'],
    });
    const unpriced = windowCost(api, { ...facts, usageUsd: null });
    expect(unpriced).toMatchObject({ usageUsd: null, allocatedUsd: null });
    expect(unpriced.missing[0]).toContain('cost.provider');
  });

  it('does not call rounding a loss, nor a gap in sampling idle', () => {
    expect(windowCost(sim, { ...facts, usageUsd: 3.01 }).allocatedUsd).toBe(3.01);
    expect(windowCost(sim, { ...facts, usageUsd: 4 }).allocatedUsd).toBeNull();
  });
});

describe('token split', () => {
  it('adds up to the whole, output weighing four times input on accelerators', () => {
    const split = splitByTokens(10, { in: 4_000_000, out: 1_000_000 }, 4);
    expect(split).toEqual({ usdPerInputToken: 1.25e-6, usdPerOutputToken: 5e-6 });
    expect(splitByTokens(10, { in: 0, out: 0 }, 4)).toBeNull();
  });

  it('takes the weight of an API from its list price, and none for a mix', () => {
    const openai = { engine: api, model: 'gpt-5.4' };
    expect(outputWeight([openai], Date.UTC(2026, 8, 1))).toBe(6);
    expect(outputWeight([{ engine: sim, model: 'llama-3.1-8b' }], 0)).toBe(4);
    expect(outputWeight([openai, { engine: sim, model: null }], 0)).toBeNull();
    expect(outputWeight([{ engine: api, model: 'nobody' }], 0)).toBeNull();
    expect(outputWeight([], 0)).toBeNull();
  });
});

describe('marginal cost at twice the traffic', () => {
  const load = (some: Partial<EngineLoad>): EngineLoad => ({
    engine: sim,
    requests: 1000,
    usageUsd: 2,
    busyShare: 0.3,
    share: 1,
    sampledMs: 3_600_000,
    ...some,
  });

  it('is nothing while a fixed-cost engine has room', () => {
    const cost = marginalCost([load({})]);
    expect(cost).toMatchObject({ perRequestUsd: 0, basis: 'modelled', missing: [] });
    expect(cost.explanation).toContain('it would be 66 %');
  });

  it('is one more accelerator spread over the extra requests beyond the knee', () => {
    // 0.41 x 2 x 1.1 = 0.902
    expect(marginalCost([load({ busyShare: 0.41 })]).perRequestUsd).toBeCloseTo(3 / 1000, 12);
    expect(marginalCost([load({ busyShare: 0.4 })]).perRequestUsd).toBe(0);
    const parallel = engine({ hardware: { ...hardware, tensorParallel: 4 }, cost: rented });
    const cost = marginalCost([load({ engine: parallel, busyShare: 0.8 })]);
    expect(cost.perRequestUsd).toBeCloseTo(12 / 1000, 12);
    expect(cost.explanation).toContain('4 more accelerators at $3.00/h');
  });

  it('doubles only the traffic of this service', () => {
    expect(marginalCost([load({ busyShare: 0.6, share: 0.25 })]).perRequestUsd).toBe(0);
  });

  it('is what a request costs now at a public API', () => {
    expect(marginalCost([load({ engine: api })])).toMatchObject({
      perRequestUsd: 0.002,
      basis: 'measured',
    });
  });

  it('adds engines up, and takes the weaker basis', () => {
    const cost = marginalCost([load({}), load({ engine: api })]);
    expect(cost).toMatchObject({ perRequestUsd: 0.001, basis: 'modelled' });
  });

  it('is unknown with what is missing, also when one engine of several is', () => {
    expect(marginalCost([load({}), load({ busyShare: null })])).toMatchObject({
      perRequestUsd: null,
      basis: 'unknown',
      missing: ['busy share of engines[one]'],
    });
    expect(marginalCost([load({ engine: engine({}) })]).missing).toEqual(['engines[one].cost']);
    expect(marginalCost([load({ engine: api, usageUsd: null })]).perRequestUsd).toBeNull();
    expect(marginalCost([load({ requests: 0 })])).toMatchObject({
      perRequestUsd: null,
      missing: ['requests'],
    });
  });
});
