import { describe, expect, it } from 'vitest';
import { configSchema, type Config } from '../../config/schema.ts';
import type { EngineUse } from '../ledger/ledger.ts';
import { answers as answersSchema, type ServiceAnswer } from './answers.ts';
import { computeAnswers } from './compute-answers.ts';
import { testingLedger, testingUse, type TestRequest } from './testing-ledger.ts';

const hardware = { accelerator: 'h100-sxm', model: 'llama-3.1-8b' };
const rented = { basis: 'rented', usdPerAcceleratorHour: 3 };
const engines = {
  sim: { name: 'sim', simulated: {}, hardware, cost: rented },
  openai: { name: 'openai', url: 'https://api.openai.com/v1', cost: { basis: 'api' } },
  vllm: { name: 'vllm', url: 'http://127.0.0.1:8000/v1', hardware, cost: rented },
  free: { name: 'free', url: 'http://127.0.0.1:8001/v1' },
};

function configOf(
  names: Array<keyof typeof engines>,
  slo: object = SLO,
  more: object[] = [],
): Config {
  return configSchema.parse({
    services: [
      { name: 'chat', owner: 'ann', feature: 'help', models: ['m'], route: 'chat', slo },
      ...more,
    ],
    routes: [{ name: 'chat', engines: names.map((engine) => ({ engine })) }],
    engines: names.map((name) => engines[name]),
  });
}
const SLO = { ttftMs: { p95: 500 }, e2eMs: { p95: 1000, p99: 2000 }, availability: 0.99 };

const WINDOW = { fromMs: 0, toMs: 3_600_000 };
const clock = { wallMs: () => 3_600_000, monoMs: () => 0 };

const good: TestRequest = {
  e2eMs: 400,
  ttftMs: 100,
  tpotMs: 10,
  engineQueueMs: 10,
  prefillMs: 80,
  decodeMs: 300,
  gatewayMs: 5,
  tokensIn: 1000,
  tokensOut: 250,
  usageUsd: 0.001,
  acceleratorSeconds: 1.2,
  energyWh: 0.02,
  simulated: true,
  feature: 'help',
  tenant: 'acme',
};
const times = (n: number, some: TestRequest): TestRequest[] =>
  Array.from({ length: n }, () => some);

async function answer(
  requests: TestRequest[],
  options: { uses?: EngineUse[]; config?: Config } = {},
): Promise<ServiceAnswer & { exitCode: number }> {
  const answers = await computeAnswers({
    ledger: testingLedger(requests, options.uses ?? [testingUse()]),
    config: options.config ?? configOf(['sim']),
    window: WINDOW,
    clock,
  });
  answersSchema.parse(answers);
  const [first] = answers.services;
  if (first === undefined) throw new Error('no service answered');
  return { ...first, exitCode: answers.exitCode };
}

const codes = (one: ServiceAnswer): string[] => one.redFlags.map((flag) => flag.code);
const metric = (one: ServiceAnswer, name: string) => one.latency.find((l) => l.metric === name);

describe('a service within target', () => {
  it('answers all three questions', async () => {
    const one = await answer(times(300, good));
    expect(one.redFlags).toEqual([]);
    expect(one).toMatchObject({ verdict: 'within-target', exitCode: 0, simulated: 'all' });
    expect(metric(one, 'e2e')).toMatchObject({ count: 300, met: true, p99TooFew: false });
    expect(metric(one, 'e2e')?.p95Ms).toBeCloseTo(400, -1);
    expect(metric(one, 'tpot')).toMatchObject({ targetP95Ms: null, met: null });
    expect(one.cost).toMatchObject({
      kind: 'rented',
      basis: 'modelled',
      usageUsd: expect.closeTo(0.3, 9),
      allocatedUsd: 3,
      idleUsd: expect.closeTo(2.7, 9),
      perRequestUsd: expect.closeTo(0.01, 12),
      per1kRequestsUsd: expect.closeTo(10, 9),
      perMTokenUsd: expect.closeTo(8, 9),
      usagePerRequestUsd: expect.closeTo(0.001, 12),
      missing: [],
    });
    const { perMInputTokenUsd, perMOutputTokenUsd } = one.cost;
    expect(0.3 * (perMInputTokenUsd ?? 0) + 0.075 * (perMOutputTokenUsd ?? 0)).toBeCloseTo(3, 9);
    expect(one.energy).toEqual({
      energyWh: expect.closeTo(6, 9),
      perRequestWh: expect.closeTo(0.02, 12),
      basis: 'modelled',
    });
    expect(one.cost.byFeature).toEqual([
      { feature: 'help', requests: 300, usageUsd: expect.closeTo(0.3, 9), allocatedUsd: 3 },
    ]);
  });

  it('says why the engine was not used, with its money', async () => {
    const { utilization } = await answer(times(300, good));
    expect(utilization.busyShare).toBe(0.25);
    expect(utilization.causes.map(({ cause, share, usd }) => [cause, share, usd])).toEqual([
      ['no-demand', 0.75, 2.25],
      ['small-batch', 0.1875, 0.5625],
      ['busy', 0.0625, 0.1875],
    ]);
    expect(utilization.sentence).toBe(
      'sim (simulated) was busy 25 % of the time paid for; the largest loss is no demand ' +
        '(idle while nothing waits): 75 % or $2.25 of this window.',
    );
  });
});

describe('latency', () => {
  it('is a miss when p95 is over target, exit code 4', async () => {
    const one = await answer([...times(280, good), ...times(20, { ...good, e2eMs: 1500 })]);
    expect(one).toMatchObject({ verdict: 'target-missed', exitCode: 4 });
    expect(metric(one, 'e2e')?.met).toBe(false);
  });

  it('does not carry a percentile on too few values', async () => {
    const one = await answer(times(299, good));
    expect(metric(one, 'e2e')).toMatchObject({ p99Ms: null, p99TooFew: true, met: null });
    expect(metric(one, 'e2e')?.p95Ms).not.toBeNull();
    expect(one.redFlags).toEqual([
      { code: 'too-few', message: 'Too few E2E values for a p99: 299 of 300 needed.' },
    ]);
    expect(one.exitCode).toBe(3);
    const few = await answer(times(59, good));
    expect(metric(few, 'ttft')).toMatchObject({ p95Ms: null, p95TooFew: true, met: null });
    expect(metric(few, 'ttft')?.p50Ms).not.toBeNull();
  });

  it('a miss that is certain stays a miss on too few values for p99', async () => {
    const one = await answer(times(100, { ...good, e2eMs: 1500 }));
    expect(metric(one, 'e2e')?.met).toBe(false);
  });

  it('leaves failures out of percentiles and counts them in availability', async () => {
    const bad = { status: 504, outcome: 'timeout', e2eMs: 60_000, usageUsd: null } as const;
    const wrong = { status: 400, outcome: 'rejected', engine: null, e2eMs: 1 } as const;
    const full = { status: 429, outcome: 'rejected', engine: null, e2eMs: 1 } as const;
    const gone = { status: 499, outcome: 'client_abort', usageUsd: 0.0001 } as const;
    const one = await answer([
      ...times(396, good),
      ...times(2, { ...good, ...bad }),
      ...times(3, wrong),
      ...times(2, full),
      ...times(4, { ...good, ...gone }),
    ]);
    expect(metric(one, 'e2e')?.count).toBe(396);
    expect(one.availability).toEqual({ actual: 396 / 400, target: 0.99, met: true });
    expect(one.requests).toMatchObject({
      total: 407,
      succeeded: 396,
      failed: 2,
      rejected: 5,
      aborted: 4,
    });
    expect(codes(one)).toEqual([]);
  });

  it('needs a target, and a value for each target', async () => {
    expect(codes(await answer(times(300, good), { config: configOf(['sim'], {}) }))).toEqual([
      'no-target',
    ]);
    const unary = times(300, { ...good, ttftMs: null });
    expect(codes(await answer(unary))).toEqual(['latency-missing']);
  });
});

describe('the tail', () => {
  it('names the causes of the slow requests, shares summing to 1', async () => {
    const slow = { ...good, e2eMs: 900, queueMs: 600, decodeMs: 200 };
    const { tail } = await answer([...times(280, good), ...times(20, slow)]);
    expect(tail.sampleCount).toBe(20);
    expect(tail.causes[0]).toEqual({
      cause: 'queue',
      share: expect.closeTo(600 / 900, 9),
      meanMs: 600,
    });
    expect(tail.causes.reduce((sum, one) => sum + one.share, 0)).toBeCloseTo(1, 12);
    expect(tail.causes.reduce((sum, one) => sum + one.meanMs, 0)).toBeCloseTo(900, 9);
  });

  it('splits by first token where the engine reports nothing', async () => {
    const plainEngine = { ...good, engineQueueMs: null, prefillMs: null, decodeMs: null };
    const { tail } = await answer(times(100, { ...plainEngine, queueMs: 20 }));
    const ms = Object.fromEntries(tail.causes.map((one) => [one.cause, one.meanMs]));
    expect(ms).toEqual({
      queue: expect.closeTo(20, 9),
      gateway: expect.closeTo(5, 9),
      'first-token': expect.closeTo(75, 9),
      decode: expect.closeTo(300, 9),
    });
  });

  it('scales a report in faster simulated time to the time that passed', async () => {
    const fast = { ...good, e2eMs: 45, engineQueueMs: 0, prefillMs: 100, decodeMs: 300 };
    const { tail } = await answer(times(100, fast));
    const ms = Object.fromEntries(tail.causes.map((one) => [one.cause, one.meanMs]));
    expect(ms).toMatchObject({ prefill: 10, decode: 30, gateway: 5 });
  });

  it('is silent on too few requests', async () => {
    expect((await answer(times(59, good))).tail).toEqual({ sampleCount: 0, causes: [] });
  });
});

describe('missing answers', () => {
  it('gives nulls and red flags without any data, never zeros', async () => {
    const one = await answer([], { uses: [] });
    expect(one).toMatchObject({ verdict: 'red-flag', exitCode: 3, simulated: 'all' });
    expect(one.latency.every((l) => l.p50Ms === null && l.met === null)).toBe(true);
    expect(one.availability.actual).toBeNull();
    expect(one.cost).toMatchObject({
      basis: 'unknown',
      usageUsd: null,
      allocatedUsd: null,
      idleUsd: null,
      perRequestUsd: null,
      perMTokenUsd: null,
    });
    expect(one.cost.marginal.perRequestUsd).toBeNull();
    expect(one.energy).toEqual({ energyWh: null, perRequestWh: null, basis: 'unknown' });
    expect(one.utilization.busyShare).toBeNull();
    expect(codes(one)).toEqual(['no-data', 'cost-unknown', 'utilization-unknown']);
  });

  it('still says what an engine costs that nobody asked', async () => {
    const one = await answer([], { uses: [testingUse({ busyShare: 0, runningMean: 0 })] });
    expect(one.cost).toMatchObject({ usageUsd: 0, allocatedUsd: 3, idleUsd: 3 });
    expect(one.cost.perRequestUsd).toBeNull();
    expect(one.utilization.causes).toEqual([{ cause: 'no-demand', share: 1, usd: 3 }]);
    expect(codes(one)).toEqual(['no-data']);
  });

  it('names the field that keeps cost unknown', async () => {
    const free = times(300, { ...good, engine: 'free', usageUsd: null, simulated: false });
    const one = await answer(free, { config: configOf(['free']), uses: [] });
    expect(one.cost).toMatchObject({ kind: 'unknown', usageUsd: null, perRequestUsd: null });
    expect(one.cost.missing).toEqual(['engines[free].cost']);
    expect(one.redFlags[0]?.message).toContain('engines[free].cost');
    expect(one.cost.marginal.missing).toEqual(['engines[free].cost']);
  });

  it('counts replies without a known cost, and does not let them dilute the price', async () => {
    const one = await answer([...times(300, good), ...times(100, { ...good, usageUsd: null })], {
      uses: [],
    });
    expect(one.cost.usagePerRequestUsd).toBeCloseTo(0.001, 12);
    expect(one.cost.perRequestUsd).toBeCloseTo(0.001, 12);
    expect(codes(one)).toContain('cost-partial');
  });

  it('does not know how busy a plain vLLM was', async () => {
    const requests = times(300, { ...good, engine: 'vllm', simulated: false });
    const uses = [testingUse({ engine: 'vllm', busyShare: null, simulated: false })];
    const one = await answer(requests, { config: configOf(['vllm']), uses });
    expect(codes(one)).toEqual(['utilization-unknown']);
    expect(one.utilization.causes).toEqual([{ cause: 'unknown', share: 1, usd: 3 }]);
    expect(one.utilization.sentence).toBe('How busy vllm was is unknown.');
    expect(one.cost).toMatchObject({ allocatedUsd: 3, basis: 'estimated' });
    expect(one.simulated).toBe('none');
  });
});

describe('several engines and services', () => {
  it('has no utilization to answer for at a public API', async () => {
    const api = { ...good, engine: 'openai', model: 'gpt-5.4', acceleratorSeconds: null };
    const requests = times(300, { ...api, simulated: false, energyWh: null });
    const one = await answer(requests, { config: configOf(['openai']), uses: [] });
    expect(one.redFlags).toEqual([]);
    expect(one.cost).toMatchObject({ kind: 'api', basis: 'measured', idleUsd: 0 });
    expect(one.cost.marginal).toMatchObject({
      basis: 'measured',
      perRequestUsd: expect.closeTo(0.001, 12),
    });
    expect(one.utilization.engines).toEqual([]);
    expect(one.utilization.sentence).toContain('public APIs');
    expect(one.energy.basis).toBe('unknown');
  });

  it('calls a mix mixed, and its energy unknown', async () => {
    const api = { ...good, engine: 'openai', model: 'gpt-5.4', energyWh: null, simulated: false };
    const one = await answer([...times(200, good), ...times(200, api)], {
      config: configOf(['sim', 'openai']),
    });
    expect(one).toMatchObject({ simulated: 'some', energy: { energyWh: null, basis: 'unknown' } });
    expect(one.cost).toMatchObject({
      kind: 'mixed',
      allocatedUsd: expect.closeTo(3.2, 9),
      perMInputTokenUsd: null,
    });
  });

  it('shares an engine by the accelerator time each service used', async () => {
    const other = { name: 'batch', owner: 'bob', models: ['b'], route: 'chat' };
    const config = configOf(['sim'], SLO, [other]);
    const mine = times(100, good);
    const theirs = times(100, { ...good, service: 'batch', acceleratorSeconds: 3.6 });
    const answers = await computeAnswers({
      ledger: testingLedger([...mine, ...theirs], [testingUse()]),
      config,
      window: WINDOW,
      clock,
    });
    expect(answers.services.map((one) => one.cost.allocatedUsd)).toEqual([
      expect.closeTo(0.75, 9),
      expect.closeTo(2.25, 9),
    ]);
    const one = await computeAnswers({
      ledger: testingLedger([...mine, ...theirs], [testingUse()]),
      config,
      window: WINDOW,
      service: 'batch',
      clock,
    });
    expect(one.services).toEqual([answers.services[1]]);
  });
});

describe('the query', () => {
  const base = { ledger: testingLedger(times(400, good)), config: configOf(['sim']), clock };

  it.each(['tenant', 'feature', 'model'] as const)('breaks down by %s', async (by) => {
    const answers = await computeAnswers({ ...base, window: WINDOW, by });
    const key = { tenant: 'acme', feature: 'help', model: 'llama-3.1-8b' }[by];
    expect(answers.breakdownBy).toBe(by);
    expect(answers.breakdown).toMatchObject([
      { service: 'chat', key, requests: 400, usageUsd: expect.closeTo(0.4, 9) },
    ]);
  });

  it('refuses an empty window and an unknown service', async () => {
    await expect(computeAnswers({ ...base, window: { fromMs: 5, toMs: 5 } })).rejects.toMatchObject(
      { code: 'TR_WINDOW_INVALID' },
    );
    await expect(
      computeAnswers({ ...base, window: WINDOW, service: 'nobody' }),
    ).rejects.toMatchObject({ code: 'TR_NOT_FOUND', field: 'service' });
  });
});
