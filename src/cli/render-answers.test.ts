import { describe, expect, it } from 'vitest';
import type { Answers, ServiceAnswer } from '../measure/answers/answers.ts';
import { count, duration, instant, milliseconds, plain, share, usd } from './answer-units.ts';
import { visibleLength } from './answer-paint.ts';
import { renderAnswers } from './render-answers.ts';

const chat: ServiceAnswer = {
  service: 'chat',
  owner: 'ann',
  feature: 'help',
  simulated: 'all',
  requests: {
    total: 12_345,
    succeeded: 12_300,
    failed: 5,
    rejected: 30,
    aborted: 10,
    retried: 4,
    usageEstimated: 10,
    tokensIn: 12_345_678,
    tokensOut: 2_345_678,
  },
  latency: [
    latency('ttft', 12_300, [45.2, 180.4, 420], [500, 1000], true),
    latency('tpot', 12_300, [8.12, 9.9, 12.4], [30, 50], true),
    latency('e2e', 12_300, [1810, 10_420, 19_100], [10_000, 20_000], false),
  ],
  availability: { actual: 12_300 / 12_335, target: 0.999, met: false },
  tail: {
    sampleCount: 480,
    causes: [
      { cause: 'decode', share: 0.812, meanMs: 9870 },
      { cause: 'engine-queue', share: 0.11, meanMs: 1340 },
      { cause: 'prefill', share: 0.074, meanMs: 900 },
      { cause: 'gateway', share: 0.004, meanMs: 48 },
    ],
  },
  cost: {
    kind: 'rented',
    basis: 'modelled',
    usageUsd: 0.71,
    allocatedUsd: 2.95,
    idleUsd: 2.24,
    perRequestUsd: 0.000239,
    per1kRequestsUsd: 0.239,
    perMTokenUsd: 0.2008,
    perMInputTokenUsd: 0.1621,
    perMOutputTokenUsd: 0.4043,
    usagePerRequestUsd: 0.0000575,
    byFeature: [
      { feature: 'help', requests: 9000, usageUsd: 0.5, allocatedUsd: 2.08 },
      { feature: 'search', requests: 3345, usageUsd: 0.21, allocatedUsd: 0.87 },
    ],
    marginal: {
      perRequestUsd: 0,
      basis: 'modelled',
      explanation:
        "simulated-h100 is 24 % busy; at twice this service's traffic it would be 53 % (with a " +
        'tenth for safety), under 90 %: the price is fixed, so more requests cost no more money.',
      missing: [],
    },
    missing: [],
  },
  energy: { energyWh: 212.4, perRequestWh: 0.0172, basis: 'modelled' },
  utilization: {
    engines: [
      {
        engine: 'simulated-h100',
        simulated: true,
        acceleratorHours: 1,
        busyShare: 0.24,
        idleShare: 0.76,
        runningMean: 4.2,
        batchOccupancy: 0.0684,
        kvUsageShare: 0.021,
        waitingMean: 0.01,
        preemptions: 0,
        sampledShare: 0.998,
      },
    ],
    busyShare: 0.24,
    causes: [
      { cause: 'no-demand', share: 0.76, usd: 2.242 },
      { cause: 'small-batch', share: 0.2236, usd: 0.6596 },
      { cause: 'busy', share: 0.0164, usd: 0.0484 },
    ],
    sentence:
      'simulated-h100 (simulated) was busy 24 % of the time paid for; the largest loss is no ' +
      'demand (idle while nothing waits): 76 % or $2.24 of this window.',
  },
  redFlags: [],
  verdict: 'target-missed',
};

function latency(
  metric: 'ttft' | 'tpot' | 'e2e',
  n: number,
  [p50Ms, p95Ms, p99Ms]: Array<number | null>,
  [targetP95Ms, targetP99Ms]: Array<number | null>,
  met: boolean | null,
): ServiceAnswer['latency'][number] {
  return {
    metric,
    count: n,
    p50Ms: p50Ms ?? null,
    p95Ms: p95Ms ?? null,
    p99Ms: p99Ms ?? null,
    p95TooFew: n < 60,
    p99TooFew: n < 300,
    targetP95Ms: targetP95Ms ?? null,
    targetP99Ms: targetP99Ms ?? null,
    met,
  };
}

const unknownService: ServiceAnswer = {
  ...chat,
  service: 'search',
  owner: 'bob',
  feature: null,
  simulated: 'none',
  requests: {
    total: 40,
    succeeded: 40,
    failed: 0,
    rejected: 0,
    aborted: 0,
    retried: 0,
    usageEstimated: 0,
    tokensIn: 4000,
    tokensOut: 800,
  },
  latency: [
    latency('ttft', 0, [null, null, null], [500, null], null),
    latency('tpot', 0, [null, null, null], [null, null], null),
    latency('e2e', 40, [220, null, null], [null, 2000], null),
  ],
  availability: { actual: 1, target: null, met: null },
  tail: { sampleCount: 0, causes: [] },
  cost: {
    kind: 'unknown',
    basis: 'unknown',
    usageUsd: null,
    allocatedUsd: null,
    idleUsd: null,
    perRequestUsd: null,
    per1kRequestsUsd: null,
    perMTokenUsd: null,
    perMInputTokenUsd: null,
    perMOutputTokenUsd: null,
    usagePerRequestUsd: null,
    byFeature: [{ feature: '(none)', requests: 40, usageUsd: null, allocatedUsd: null }],
    marginal: {
      perRequestUsd: null,
      basis: 'unknown',
      explanation: 'What vllm costs is not configured.',
      missing: ['engines[vllm].cost'],
    },
    missing: ['engines[vllm].cost'],
  },
  energy: { energyWh: null, perRequestWh: null, basis: 'unknown' },
  utilization: {
    engines: [
      {
        engine: 'vllm',
        simulated: false,
        acceleratorHours: null,
        busyShare: null,
        idleShare: null,
        runningMean: 1.4,
        batchOccupancy: null,
        kvUsageShare: 0.004,
        waitingMean: 0,
        preemptions: null,
        sampledShare: 1,
      },
    ],
    busyShare: null,
    causes: [{ cause: 'unknown', share: 1, usd: null }],
    sentence: 'How busy vllm was is unknown.',
  },
  redFlags: [
    {
      code: 'latency-missing',
      message: 'TTFT has a target but no values: only streamed replies have it.',
    },
    { code: 'too-few', message: 'Too few E2E values for a p99: 40 of 300 needed.' },
    { code: 'cost-unknown', message: 'Cost is not fully known; missing: engines[vllm].cost.' },
    {
      code: 'utilization-unknown',
      message: 'Utilization of vllm is unknown: its metrics do not say how long it was busy.',
    },
  ],
  verdict: 'red-flag',
};

const answers = (services: ServiceAnswer[], some: Partial<Answers> = {}): Answers => ({
  generatedAtMs: Date.UTC(2026, 0, 31, 12),
  fromMs: Date.UTC(2026, 0, 31, 11),
  toMs: Date.UTC(2026, 0, 31, 12),
  percentileErrorBound: 0.0054,
  services,
  breakdown: null,
  breakdownBy: null,
  exitCode: 4,
  ...some,
});

const breakdown: Answers['breakdown'] = ['acme', 'globex corporation of the far far north'].map(
  (key, i) => ({
    service: 'chat',
    key,
    requests: 6000 - i,
    ttftP95Ms: 180.4,
    e2eP50Ms: 1810,
    e2eP95Ms: 10_420,
    e2eP99Ms: i === 0 ? 19_100 : null,
    tokensIn: 6_000_000,
    tokensOut: 1_000_000,
    usageUsd: i === 0 ? 0.35 : null,
  }),
);

describe('the screen', () => {
  const full = answers([chat, unknownService], { breakdown, breakdownBy: 'tenant', exitCode: 3 });

  it.each([
    ['missed-80', answers([chat]), 80],
    ['red-flags-80', answers([unknownService], { exitCode: 3 }), 80],
    ['two-services-100', full, 100],
  ] as const)('is as in %s.txt', async (name, all, columns) => {
    const text = renderAnswers(all, { columns, colour: false });
    await expect(text).toMatchFileSnapshot(`testdata/answers-${name}.txt`);
  });

  it('fits its columns at any width, and is one screen for one service', () => {
    for (const columns of [20, 80, 93, 100, 400]) {
      const lines = renderAnswers(full, { columns, colour: true }).split('\n');
      const longest = Math.max(...lines.map(visibleLength));
      expect(longest).toBeLessThanOrEqual(Math.min(100, Math.max(80, columns)));
    }
    expect(
      renderAnswers(answers([chat]), { columns: 80, colour: false }).split('\n').length,
    ).toBeLessThan(40);
  });

  it('colours only what the words already say', () => {
    const plainText = renderAnswers(full, { columns: 80, colour: false });
    const coloured = renderAnswers(full, { columns: 80, colour: true });
    expect(plainText).not.toContain('\u001B');
    expect(coloured).toContain('\u001B[31mMISSED\u001B[0m');
    // oxlint-disable-next-line no-control-regex -- taking the escapes out is the point
    expect(coloured.replaceAll(/\u001B\[\d+m/g, '')).toBe(plainText);
  });

  it('lets no name drive the terminal', () => {
    const hostile = { ...chat, owner: 'eve\u001B[2J\u0007\u202E', service: 'a\nb' };
    const text = renderAnswers(answers([hostile]), { columns: 80, colour: false });
    expect(text).toContain('owner eve[2J ·');
    expect(text).toContain('ab · owner');
  });
});

describe('units', () => {
  it('never shows unknown as a number, nor a little as nothing', () => {
    expect([milliseconds(null), share(null), usd(null)]).toEqual(['unknown', 'unknown', 'unknown']);
    expect([share(0), share(0.001), share(0.9999), share(1)]).toEqual([
      '0 %',
      '<1 %',
      '>99 %',
      '100 %',
    ]);
    expect(share(0.99995, 3)).toBe('99.995 %');
    expect(share(0.999999, 3)).toBe('>99.999 %');
    expect([usd(0), usd(1e-12), usd(0.000239), usd(0.7), usd(1234.5)]).toEqual([
      '$0',
      '<$0.000000001',
      '$0.000239',
      '$0.70',
      '$1,234.50',
    ]);
  });

  it('is readable at any size', () => {
    expect([0.1234, 45.26, 999.6, 10_420, 600_000].map(milliseconds)).toEqual([
      '0.123 ms',
      '45.3 ms',
      '1.00 s',
      '10.4 s',
      '10.0 min',
    ]);
    expect([90_000, 3_600_000, 5_400_000, 604_800_000].map(duration)).toEqual([
      '1.5 min',
      '1 h',
      '1.5 h',
      '7 d',
    ]);
    expect(duration(30_000)).toBe('30 s');
    expect(count(1_234_567)).toBe('1,234,567');
    expect(instant(Date.UTC(2026, 0, 31, 12))).toBe('2026-01-31 12:00:00Z');
    expect(plain('a\tb\u0000c')).toBe('abc');
  });
});
