import { acceptsModel } from './cluster-state.ts';
import type { TargetPod } from './target-workload.ts';

/** Computes how much of a node's free card capacity the target workload could not use. */
export interface Fragmentation {
  /**
   * Expected milli-cards of one node that a pod drawn from the target workload cannot use. `cards`
   * holds what is left of each card from `from` on, `count` of them. About 1 us.
   */
  nodeMilli(cpuLeft: number, cards: Int16Array, from: number, count: number, model: number): number;
  /** Number of a card model for `nodeMilli`; models that no target pod names are all alike. */
  modelId(model: string | null): number;
}

/** Target pods that need the same cards: they differ in CPU only. */
interface CardNeed {
  gpuCount: number;
  /** Index in `milliSteps`. */
  step: number;
  /** By model id. */
  accepted: boolean[];
  /** CPU requests in ascending order, with the popularity of all requests up to each. */
  cpuSteps: Float64Array;
  popularityUpTo: Float64Array;
  popularity: number;
}

/**
 * Fragmentation of Weng et al. (ATC'23, section 3.2): for a target pod that fits the node, the
 * cards with too little left for it are fragments; for one that does not fit (too little CPU, too
 * few cards, other model, or a pod that uses no card at all) all free capacity is. The sum over the
 * target workload is weighted by popularity. Pods are grouped by the cards they need, which makes
 * a node cost some hundred additions instead of pods x cards.
 */
export function createFragmentation(target: readonly TargetPod[]): Fragmentation {
  const models = [...new Set(target.flatMap(({ gpuModels }) => gpuModels))].sort();
  const milliSteps = Int16Array.from(
    [...new Set(target.filter((pod) => pod.gpuCount > 0).map((pod) => pod.gpuMilli))].sort(
      (a, b) => a - b,
    ),
  );
  const needs = groupByCards(target, milliSteps, models);
  const withoutCards = target
    .filter(({ gpuCount }) => gpuCount === 0)
    .reduce((sum, { popularity }) => sum + popularity, 0);
  const enough = new Int16Array(milliSteps.length);
  const tooSmall = new Int32Array(milliSteps.length);

  function nodeMilli(
    cpuLeft: number,
    cards: Int16Array,
    from: number,
    count: number,
    model: number,
  ): number {
    let free = 0;
    for (let card = from; card < from + count; card += 1) free += cards[card] ?? 0;
    if (free === 0) return 0;
    for (let step = 0; step < milliSteps.length; step += 1) {
      const milli = milliSteps[step] ?? 0;
      let fitting = 0;
      let rest = 0;
      for (let card = from; card < from + count; card += 1) {
        const left = cards[card] ?? 0;
        if (left >= milli) fitting += 1;
        else rest += left;
      }
      enough[step] = fitting;
      tooSmall[step] = rest;
    }
    let milli = withoutCards * free;
    for (const need of needs) {
      const hosts = (need.accepted[model] ?? false) && (enough[need.step] ?? 0) >= need.gpuCount;
      const fitting = hosts ? popularityWithin(need, cpuLeft) : 0;
      milli += fitting * (tooSmall[need.step] ?? 0) + (need.popularity - fitting) * free;
    }
    return milli;
  }
  return {
    nodeMilli,
    modelId: (model) => (model === null ? -1 : models.indexOf(model)) + 1,
  };
}

/** Popularity of the pods of this need whose CPU fits. */
function popularityWithin({ cpuSteps, popularityUpTo }: CardNeed, cpuLeft: number): number {
  for (let i = cpuSteps.length - 1; i >= 0; i -= 1) {
    if ((cpuSteps[i] ?? 0) <= cpuLeft) return popularityUpTo[i] ?? 0;
  }
  return 0;
}

function groupByCards(
  target: readonly TargetPod[],
  milliSteps: Int16Array,
  models: readonly string[],
): CardNeed[] {
  const groups = new Map<string, TargetPod[]>();
  for (const pod of target) {
    if (pod.gpuCount === 0) continue;
    const key = `${pod.gpuCount} ${pod.gpuMilli} ${pod.gpuModels.join('|')}`;
    groups.set(key, [...(groups.get(key) ?? []), pod]);
  }
  return [...groups.values()].map((pods) => cardNeed(pods, milliSteps, models));
}

function cardNeed(
  pods: readonly TargetPod[],
  milliSteps: Int16Array,
  models: readonly string[],
): CardNeed {
  const [first] = pods;
  if (first === undefined) throw new Error('a group of target pods is empty');
  const byCpu = [...pods].sort((a, b) => a.cpuMilli - b.cpuMilli);
  let sum = 0;
  const popularityUpTo = Float64Array.from(byCpu, ({ popularity }) => (sum += popularity));
  return {
    gpuCount: first.gpuCount,
    step: milliSteps.indexOf(first.gpuMilli),
    accepted: [null, ...models].map((model) => acceptsModel(first, model)),
    cpuSteps: Float64Array.from(byCpu, ({ cpuMilli }) => cpuMilli),
    popularityUpTo,
    popularity: sum,
  };
}
