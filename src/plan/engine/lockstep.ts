import type { Refusal, Scheduler, Sequence, StepOutcome, StepPlan } from './scheduler.ts';
import { noWork } from '../time/step-time.ts';

/**
 * Data-parallel ranks that share experts: each has its own scheduler and KV cache, and all run their
 * steps together, because every layer exchanges tokens between them. A request goes to the rank with
 * the lowest 4 x waiting + running, as vLLM's internal load balancer does (its documentation, "Data Parallel
 * Deployment").
 */
export function createLockstep(ranks: readonly Scheduler[]): Scheduler {
  const rankOf = new WeakMap<Sequence, Scheduler>();
  const parts = new WeakMap<StepPlan, Array<{ rank: Scheduler; plan: StepPlan }>>();

  const quietest = (): Scheduler | undefined => {
    let best: Scheduler | undefined;
    let lowest = Number.POSITIVE_INFINITY;
    for (const rank of ranks) {
      const { waiting, running } = rank.counts();
      const score = 4 * waiting + running;
      if (score >= lowest) continue;
      best = rank;
      lowest = score;
    }
    return best;
  };

  const sumOf = (of: (rank: Scheduler) => number): number =>
    ranks.reduce((sum, rank) => sum + of(rank), 0);

  return {
    maxTokens: Math.min(...ranks.map((rank) => rank.maxTokens)),
    add(request): Sequence | Refusal {
      const rank = quietest();
      if (rank === undefined) return 'queue-full';
      const added = rank.add(request);
      if (typeof added !== 'string') rankOf.set(added, rank);
      return added;
    },
    remove(sequence) {
      rankOf.get(sequence)?.remove(sequence);
    },
    schedule() {
      const plans = ranks.map((rank) => ({ rank, plan: rank.schedule() }));
      const made = plans.flatMap(({ rank, plan }) => (plan === null ? [] : [{ rank, plan }]));
      if (made.length === 0) return null;
      const merged = mergePlans(plans.map(({ plan }) => plan));
      parts.set(merged, made);
      return merged;
    },
    commit(plan) {
      const outcome: StepOutcome = { sampled: [], finished: [] };
      for (const part of parts.get(plan) ?? []) {
        const { sampled, finished } = part.rank.commit(part.plan);
        outcome.sampled.push(...sampled);
        outcome.finished.push(...finished);
      }
      return outcome;
    },
    repeats: () => 0,
    repeat() {
      throw new Error('steps of ranks in lockstep are not skipped');
    },
    counts: () => ({
      running: sumOf((rank) => rank.counts().running),
      waiting: sumOf((rank) => rank.counts().waiting),
      kvBlocksUsed: sumOf((rank) => rank.counts().kvBlocksUsed),
      kvBlocksTotal: sumOf((rank) => rank.counts().kvBlocksTotal),
    }),
    get kvFull() {
      return ranks.some((rank) => rank.kvFull);
    },
  };
}

const IDLE: StepPlan['work'] = Object.freeze(noWork());

function mergePlans(plans: ReadonlyArray<StepPlan | null>): StepPlan {
  const ranks = plans.map((plan) => (plan === null ? IDLE : { ...plan.work }));
  const sum = (of: (work: StepPlan['work']) => number): number =>
    ranks.reduce((total, work) => total + of(work), 0);
  const all = <T>(of: (plan: StepPlan) => T[]): T[] =>
    plans.flatMap((plan) => (plan === null ? [] : of(plan)));
  return {
    slots: all((plan) => plan.slots),
    admitted: all((plan) => plan.admitted),
    victims: all((plan) => plan.victims),
    preempted: plans.reduce((total, plan) => total + (plan?.preempted ?? 0), 0),
    tokens: sum((work) => work.prefillTokens + work.decodeTokens),
    work: {
      prefillTokens: sum((work) => work.prefillTokens),
      prefillSequences: sum((work) => work.prefillSequences),
      decodeTokens: sum((work) => work.decodeTokens),
      prefillPairs: sum((work) => work.prefillPairs),
      prefillContextTokens: sum((work) => work.prefillContextTokens),
      decodeContextTokens: sum((work) => work.decodeContextTokens),
      decodeLongestTokens: Math.max(...ranks.map((work) => work.decodeLongestTokens)),
      sampledTokens: sum((work) => work.sampledTokens),
      ranks,
    },
  };
}
