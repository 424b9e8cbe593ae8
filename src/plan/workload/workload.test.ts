import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/random.ts';
import type { EngineSettings } from '../engine/create-engine.ts';
import { simulateServing } from '../serving/simulate-serving.ts';
import type { StepTimeModel } from '../time/step-time.ts';
import { arrivalTimes, type ArrivalProcess } from './arrival-times.ts';
import { mixedRequests, type ServiceTraffic } from './mixed-requests.ts';

const processes: ArrivalProcess[] = [
  { kind: 'poisson' },
  { kind: 'gamma', variation: 2 },
  { kind: 'burst', size: 4 },
  { kind: 'mmpp', ratio: 8, burstS: 5, calmS: 20 },
  { kind: 'diurnal', swing: 0.8, periodS: 100 },
];

function countsPerS(process: ArrivalProcess, ratePerS: number, seconds: number): number[] {
  const counts = Array.from({ length: seconds }, () => 0);
  for (const atS of arrivalTimes(process, ratePerS, createRandom(5))) {
    if (atS >= seconds) return counts;
    const second = Math.floor(atS);
    counts[second] = (counts[second] ?? 0) + 1;
  }
  return counts;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, one) => sum + one, 0) / values.length;

describe('arrivals', () => {
  it.each(processes)('keep their mean rate: $kind', (process) => {
    expect(mean(countsPerS(process, 20, 20_000)) / 20).toBeCloseTo(1, 1);
  });

  it('are clumped by bursts and not by Poisson: variance of counts over their mean', () => {
    const dispersion = (process: ArrivalProcess): number => {
      const counts = countsPerS(process, 20, 20_000);
      const average = mean(counts);
      return mean(counts.map((count) => (count - average) ** 2)) / average;
    };
    expect(dispersion({ kind: 'poisson' })).toBeCloseTo(1, 1);
    expect(dispersion({ kind: 'mmpp', ratio: 8, burstS: 5, calmS: 20 })).toBeGreaterThan(5);
  });

  it('follow the time of day', () => {
    const counts = countsPerS({ kind: 'diurnal', swing: 0.8, periodS: 100 }, 20, 10_000);
    const at = (phase: number): number => mean(counts.filter((_, i) => i % 100 === phase));
    expect(at(0) / 20).toBeCloseTo(0.2, 1);
    expect(at(50) / 20).toBeCloseTo(1.8, 0);
  });
});

const chat: ServiceTraffic = {
  priority: 0,
  ratePerS: 1,
  arrivals: { kind: 'poisson' },
  inputTokens: { mean: 100, variation: 1 },
  outputTokens: { mean: 50, variation: 0.5 },
  sessions: { turns: 4, betweenTurnsS: 10, systemTokens: 256 },
  maxTokens: 4096,
};
const batch: ServiceTraffic = {
  ...chat,
  priority: 5,
  ratePerS: 3,
  inputTokens: { mean: 800, variation: 0.5 },
  sessions: null,
};

const engine: EngineSettings = {
  kind: 'vllm',
  maxSequences: 8,
  maxBatchedTokens: 1024,
  kvBlocks: 2000,
  maxContext: 8192,
  policy: { order: 'priority' },
};
const time: StepTimeModel = {
  provenance: 'fitted',
  stepTime({ prefillTokens }) {
    const totalMs = 15 + 0.05 * prefillTokens;
    return { totalMs, computeMs: totalMs, memoryMs: 0, collectiveMs: 0, overheadMs: 0 };
  },
};

describe('mixtures', () => {
  it('repeat for a seed, come in order, and leave one service alone when another changes', () => {
    const make = (services: ServiceTraffic[]) =>
      mixedRequests({ services, durationS: 200, seed: 3 });
    const both = make([chat, batch]);
    expect(make([chat, batch])).toEqual(both);
    const times = both.map((one) => one.arrivalS);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const chats = both.filter((one) => one.priority === 0);
    const others = make([chat, { ...batch, ratePerS: 9 }]).filter((one) => one.priority === 0);
    expect(others).toEqual(chats);
  });

  it('turns find what was said before in the prefix cache', () => {
    const requests = mixedRequests({ services: [chat], durationS: 300, seed: 1 });
    const result = simulateServing({
      replicas: [{ engine, time, power: null, accelerators: 1 }],
      requests,
    });
    if (!result.ok) throw result.error;
    const prompts = requests.reduce((sum, one) => sum + one.promptTokens, 0);
    const fresh = requests.length * 100;
    // All but the new input, up to a block each, and what was evicted meanwhile.
    expect(result.value.prefixHitShare).toBeGreaterThan(0.85 * (1 - fresh / prompts));
    expect(result.value.prefixHitShare).toBeLessThan(1 - fresh / prompts + 0.05);
  });

  it('priority keeps chats short while batch work waits', () => {
    const wait = (order: 'fcfs' | 'priority'): number => {
      const all = mixedRequests({ services: [chat, batch], durationS: 200, seed: 1 });
      const result = simulateServing({
        replicas: [
          { engine: { ...engine, policy: { order } }, time, power: null, accelerators: 1 },
        ],
        requests: all,
        slo: { ttftMs: 300, tpotMs: null, e2eMs: null },
      });
      if (!result.ok) throw result.error;
      return result.value.goodput?.share ?? 0;
    };
    expect(wait('priority')).toBeGreaterThan(wait('fcfs') + 0.1);
  });
});
