import { beforeAll, describe, expect, it } from 'vitest';
import { parsePlan } from '../plan-file/parse-plan.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import { doublePlan, ratesAround, type DoublePlan } from './double-plan.ts';
import { evaluateCandidate } from './evaluate-candidate.ts';
import { frontOf, searchReport, type SearchReport } from './search-report.ts';
import { searchPlans, type Evaluate } from './search-plans.ts';
import { workloadOf } from './workload-of.ts';

function plan(): Plan {
  const text = `
workload: { model: qwen3-30b-a3b, requestsPerS: 10, inputTokens: 512, outputTokens: 64 }
slo: { ttftMs: { p99: 300 } }
search:
  accelerators: [h100-sxm]
  quantizations: [fp8]
  tensorParallel: [1, 2]
  maxSequences: [64]
  maxBatchedTokens: [8192]
  maxReplicas: 4
money: { rentUsdPerHour: { h100-sxm: 3 } }
simulation: { requests: 300 }`;
  const parsed = parsePlan({ file: 'test', text, overrides: [] });
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
}

const at =
  (of: Plan) =>
  (ratePerS: number | null): Evaluate =>
  (tasks) =>
    Promise.resolve(
      tasks.map(({ candidate, requests }) => {
        const workload = workloadOf(of, null, ratePerS);
        if (!workload.ok) throw workload.error;
        const one = evaluateCandidate(of, workload.value, candidate, requests);
        return one.ok ? one.value : null;
      }),
    );

describe('cost over load', () => {
  let result: DoublePlan;
  beforeAll(async () => {
    const rates = [160, 5, 10, 80];
    const done = await doublePlan({ plan: plan(), rows: null, rates, at: at(plan()) });
    if (!done.ok) throw done.error;
    result = done.value;
  });

  it('is in steps of whole accelerators, and doubling is their difference', () => {
    expect(result.points.map(({ ratePerS }) => ratePerS)).toEqual([5, 10, 80, 160]);
    const [small, still, more, most] = result.points.map(({ usdPerHour }) => usdPerHour);
    expect([small, still]).toEqual([3, 3]);
    expect(most).toBeGreaterThan(more ?? Number.NaN);
    expect(result.doublings).toMatchObject([
      { fromPerS: 5, toPerS: 10, extraUsdPerHour: 0, marginalUsdPer1000: 0 },
      { fromPerS: 80, toPerS: 160, extraUsdPerHour: (most ?? 0) - (more ?? 0) },
    ]);
  });

  it('splits average and marginal cost over tokens without loss', () => {
    for (const units of [result.points.at(-1)?.average, result.doublings.at(-1)?.marginal]) {
      const { perMillionInputUsd: input, perMillionOutputUsd: output } = units ?? {};
      const sum = (512 * (input ?? 0) + 64 * (output ?? 0)) / 1e6;
      expect(units?.perRequestUsd).toBeGreaterThan(0);
      expect(sum).toBeCloseTo(units?.perRequestUsd ?? 0, 12);
    }
  });

  it('says what keeps a cheaper fleet from serving it', () => {
    expect(result.points.at(0)?.bindsField).toBeNull();
    expect(result.points.at(-1)?.usdPerHour).toBe(
      3 * (result.points.at(-1)?.best?.accelerators ?? 0),
    );
  });

  it('is looked at from a quarter of a rate to four times it', () => {
    const rates = ratesAround(8);
    expect([rates[0], rates.at(-1), rates.length]).toEqual([2, 32, 9]);
  });
});

describe('report of a search', () => {
  let report: SearchReport;
  beforeAll(async () => {
    const of = plan();
    const workload = workloadOf(of, null);
    if (!workload.ok) throw workload.error;
    const evaluate = at(of)(null);
    const outcome = await searchPlans({ plan: of, workload: workload.value, evaluate });
    report = await searchReport(of, outcome, evaluate);
  });

  it('has the best in its front, and no member that another beats', () => {
    const { best, front } = report;
    expect(front.map(({ usdPerHour }) => usdPerHour)).toContain(best?.usdPerHour);
    expect(frontOf(plan(), front)).toEqual(front);
    const costs = front.map(({ usdPerHour }) => usdPerHour);
    const tails = front.map(({ ttftMs }) => ttftMs.p99.value ?? 0);
    expect(costs).toEqual(costs.toSorted((a, b) => a - b));
    expect(front.length).toBeGreaterThan(1);
    expect(tails.at(-1)).toBeLessThan(tails[0] ?? 0);
  });

  it('has runner-ups on other hardware only', () => {
    const own = report.best?.candidate.tensorParallel;
    expect(report.runnerUps.map(({ candidate }) => candidate.tensorParallel)).not.toContain(own);
  });
});
