import { describe, expect, it } from 'vitest';
import { parsePlan } from '../plan-file/parse-plan.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import { candidatesOf, keyOf } from './candidate.ts';
import { evaluateCandidate } from './evaluate-candidate.ts';
import { isFeasible, type Evaluation } from './evaluation.ts';
import { compareEvaluations, objectiveOf } from './objective.ts';
import { searchPlans, type Evaluate, type SearchOutcome } from './search-plans.ts';
import { loadStepTimes } from './load-step-times.ts';
import { workloadOf } from './workload-of.ts';
import type { Workload } from './workload-requests.ts';

const planOf = (text: string): Plan => {
  const plan = parsePlan({ file: 'test', text, overrides: [] });
  if (!plan.ok) throw plan.error;
  return plan.value;
};

const workloadFor = (plan: Plan): Workload => {
  const workload = workloadOf(plan, null);
  if (!workload.ok) throw workload.error;
  return workload.value;
};

const evaluateHere =
  (plan: Plan): Evaluate =>
  (tasks) =>
    Promise.resolve(
      tasks.map(({ candidate, requests }) => {
        const evaluation = evaluateCandidate(plan, workloadFor(plan), candidate, requests);
        return evaluation.ok ? evaluation.value : null;
      }),
    );

const search = (plan: Plan): Promise<SearchOutcome> =>
  searchPlans({ plan, workload: workloadFor(plan), evaluate: evaluateHere(plan) });

/** Every candidate simulated in full: no bound, no early stop. */
async function exhaustive(plan: Plan): Promise<Evaluation[]> {
  const workload = workloadFor(plan);
  const candidates = candidatesOf(plan);
  await loadStepTimes(plan, workload.model, candidates);
  return candidates
    .flatMap((candidate) => {
      const one = evaluateCandidate(plan, workload, candidate, plan.simulation.requests);
      return one.ok && isFeasible(one.value) ? [one.value] : [];
    })
    .toSorted(compareEvaluations(plan));
}

/** A space small enough to simulate whole, where some plans do not fit, some are overloaded, some miss the SLO. */
const small = (objective: string, rate: number, slo: string): Plan =>
  planOf(`
workload: { model: llama-3.1-8b, requestsPerS: ${rate}, inputTokens: { min: 64, max: 1024 }, outputTokens: { min: 16, max: 256 } }
slo: ${slo}
search:
  accelerators: [l4, l40s, h100-sxm]
  quantizations: [bf16, fp8]
  tensorParallel: [1]
  maxSequences: [32, 128]
  maxBatchedTokens: [2048]
  maxReplicas: 3
money: { rentUsdPerHour: { l4: 0.7, l40s: 1.6, h100-sxm: 2.95 } }
objective: ${objective}
simulation: { requests: 120, seed: 7 }
`);

describe('search', () => {
  it.each([
    ['cost', 6, '{ ttftMs: { p99: 400 } }'],
    ['cost', 14, '{ ttftMs: { p95: 300, p99: 900 }, tpotMs: { p99: 40 } }'],
    ['cost', 20, '{ e2eMs: { p99: 6000 } }'],
    ['latency', 8, '{ ttftMs: { p99: 400 } }'],
    ['energy', 8, '{ tpotMs: { p95: 45 } }'],
  ])('by %s at %d req/s under %s finds what simulating everything finds', async (by, rate, slo) => {
    const plan = small(by, rate, slo);
    const all = await exhaustive(plan);
    const found = await search(plan);
    expect(all.length).toBeGreaterThan(0);
    expect(found.best).not.toBeNull();
    if (found.best === null || all[0] === undefined) return;
    expect(keyOf(found.best.candidate)).toBe(keyOf(all[0].candidate));
    expect(objectiveOf(plan, found.best)).toBe(objectiveOf(plan, all[0]));
    const { candidates, discarded, simulated, bounded } = found.counts;
    const unbuilt = Object.values(discarded).reduce((sum, n) => sum + n, 0);
    expect(simulated + bounded + unbuilt).toBe(candidates);
    expect(simulated).toBeLessThan(candidates);
  });

  it('finds nothing where everything is too slow, and says what comes closest', async () => {
    const plan = small('cost', 8, '{ tpotMs: { p99: 0.5 } }');
    expect(await exhaustive(plan)).toHaveLength(0);
    const found = await search(plan);
    expect(found.best).toBeNull();
    expect(found.counts.discarded.latency).toBeGreaterThan(0);
  });

  it('says why no candidate can be built', async () => {
    const plan = planOf(`
workload: { model: llama-3.1-405b, requestsPerS: 1 }
search: { accelerators: [l4], tensorParallel: [1, 2], maxReplicas: 1 }`);
    const found = await search(plan);
    expect(found.best).toBeNull();
    expect(found.counts.discarded.memory).toBe(found.counts.candidates);
    expect(found.firstProblem).toMatch(/Llama 3.1 405B.*deployment.tensorParallel/s);
  });

  it('keeps to power and price limits', async () => {
    const plan = small('latency', 6, '{ ttftMs: { p99: 400 } }');
    const free = await search(plan);
    const bounded = { ...plan, limits: { siteKw: 1.1, usdPerHour: 2 } };
    const found = await search(bounded);
    expect(free.best?.fleetKw).toBeGreaterThan(1.1);
    expect(found.best?.fleetKw).toBeLessThanOrEqual(1.1);
    expect(found.best?.usdPerHour).toBeLessThanOrEqual(2);
    const [whole] = await exhaustive(bounded);
    expect(found.best === null ? null : keyOf(found.best.candidate)).toBe(
      whole === undefined ? 'nothing' : keyOf(whole.candidate),
    );
  });

  it('ends when it is cancelled', async () => {
    const plan = small('cost', 6, '{ ttftMs: { p99: 400 } }');
    const controller = new AbortController();
    const options = { plan, workload: workloadFor(plan), evaluate: evaluateHere(plan) };
    const running = searchPlans({
      ...options,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(running).rejects.toMatchObject({ code: 'TR_PLAN_CANCELLED' });
  });
});
