import type { Window } from '../../../measure/ledger/ledger.ts';
import type { Collector, Observation } from '../collector.ts';
import type { PlanFact } from '../evidence-sources.ts';
import type { Facts } from '../facts.ts';

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The newest plan of the window that is asked for; null when there is none, so that older evidence grows old. */
async function newest(
  facts: Facts,
  window: Window,
  kinds: ReadonlyArray<PlanFact['kind']>,
): Promise<PlanFact | null> {
  const plans = [...(facts.sources.plans?.() ?? []), ...(await keptPlans(facts))];
  const wanted = plans.filter(
    (plan) => kinds.includes(plan.kind) && plan.endedAtMs >= window.fromMs,
  );
  return wanted.reduce<PlanFact | null>(
    (best, plan) => (best === null || plan.endedAtMs > best.endedAtMs ? plan : best),
    null,
  );
}

/** Plans of the command line, and of the instance before it was started anew. */
async function keptPlans(facts: Facts): Promise<PlanFact[]> {
  const entries = (await facts.logbook('plan')) ?? [];
  return entries.map(({ plan, atMs, fits }) => ({
    id: `plan of ${iso(atMs)}`,
    kind: plan,
    endedAtMs: atMs,
    fits,
  }));
}

const made = (plan: PlanFact, value: number, statement: string): Observation => ({
  value,
  coverage: 1,
  simulated: false,
  statement,
  atMs: plan.endedAtMs,
});

/** A plan of serving capacity was computed. */
export const capacityPlan: Collector = {
  id: 'capacity-plan',
  source: 'plan',
  query: '/api/v1/plans',
  async organisation(facts, window) {
    const plan = await newest(facts, window, ['serve', 'search', 'double']);
    if (plan === null) return null;
    return made(plan, 1, `A ${plan.kind} plan was computed on ${iso(plan.endedAtMs)}.`);
  },
};

/** A site with its limits was planned with. */
export const powerEnvelope: Collector = {
  id: 'power-envelope',
  source: 'plan',
  query: '/api/v1/plans',
  async organisation(facts, window) {
    const plan = await newest(facts, window, ['facility']);
    if (plan === null) return null;
    return made(plan, 1, `The site's limits were planned with on ${iso(plan.endedAtMs)}.`);
  },
};

/** The newest site plan fits. */
export const envelopeChecked: Collector = {
  id: 'envelope-checked',
  source: 'plan',
  query: '/api/v1/plans',
  async organisation(facts, window) {
    const plan = await newest(facts, window, ['facility']);
    if (plan === null || plan.fits === null) return null;
    const words = plan.fits ? 'fits' : 'does not fit';
    const statement = `The plan of ${iso(plan.endedAtMs)} ${words} the power and cooling envelope.`;
    return made(plan, plan.fits ? 1 : 0, statement);
  },
};
