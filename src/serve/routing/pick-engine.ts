import { loadOf, pickByPrefix, share } from './prefix-affine.ts';

/** What a routing policy knows of an engine. `healthShare` is 0..1, see health.ts. */
export interface Candidate {
  engine: string;
  weight: number;
  outstanding: number;
  healthShare: number;
}

export type RoutingPolicy = 'weighted' | 'least-outstanding' | 'power-of-two' | 'prefix-affine';

/**
 * Picks one candidate; null only when there is none. Ejected engines (healthShare 0) are picked only when
 * every candidate is ejected: trying beats refusing. `random` is uniform in [0, 1). `prefixKey` names the start of the
 * prompt for `prefix-affine`, which without one is `least-outstanding`.
 */
export function pickEngine(
  policy: RoutingPolicy,
  candidates: readonly Candidate[],
  random: () => number,
  prefixKey: number | null = null,
): Candidate | null {
  const healthy = candidates.filter((c) => c.healthShare > 0 && c.weight > 0);
  const pool = healthy.length > 0 ? healthy : candidates;
  const only = pool[0];
  if (only === undefined || pool.length === 1) return only ?? null;
  switch (policy) {
    case 'weighted':
      return pickWeighted(pool, random);
    case 'power-of-two':
      return pickOfTwo(pool, random);
    case 'prefix-affine':
      return pickByPrefix(pool, prefixKey) ?? pickLeastOutstanding(pool, random);
    case 'least-outstanding':
      return pickLeastOutstanding(pool, random);
  }
}

/**
 * Two drawn by weight, the less loaded of them (Mitzenmacher, "The Power of Two Choices in Randomized Load
 * Balancing", IEEE TPDS 12(10), 2001): nearly as even as the least loaded of all, without herding.
 */
function pickOfTwo(pool: readonly Candidate[], random: () => number): Candidate | null {
  const one = pickWeighted(pool, random);
  const other = pickWeighted(
    pool.filter((candidate) => candidate !== one),
    random,
  );
  if (one === null || other === null) return one ?? other;
  return loadOf(other) < loadOf(one) ? other : one;
}

function pickWeighted(pool: readonly Candidate[], random: () => number): Candidate | null {
  let point = random() * pool.reduce((sum, c) => sum + share(c), 0);
  for (const candidate of pool) {
    point -= share(candidate);
    if (point < 0) return candidate;
  }
  return pool[pool.length - 1] ?? null;
}

/** Fewest outstanding requests per unit of weight; ties are broken at random. */
function pickLeastOutstanding(pool: readonly Candidate[], random: () => number): Candidate | null {
  let best: Candidate | null = null;
  let bestLoad = Number.POSITIVE_INFINITY;
  let ties = 0;
  for (const candidate of pool) {
    const load = loadOf(candidate);
    if (load > bestLoad) continue;
    ties = load < bestLoad ? 1 : ties + 1;
    if (load < bestLoad || random() * ties < 1) best = candidate;
    bestLoad = load;
  }
  return best;
}
