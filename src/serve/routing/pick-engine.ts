/** What a routing policy knows of an engine. `healthShare` is 0..1, see health.ts. */
export interface Candidate {
  engine: string;
  weight: number;
  outstanding: number;
  healthShare: number;
}

export type RoutingPolicy = 'weighted' | 'least-outstanding';

/**
 * Picks one candidate; null only when there is none. Ejected engines (healthShare 0) are picked only when
 * every candidate is ejected: trying beats refusing. `random` is uniform in [0, 1).
 */
export function pickEngine(
  policy: RoutingPolicy,
  candidates: readonly Candidate[],
  random: () => number,
): Candidate | null {
  const healthy = candidates.filter((c) => c.healthShare > 0 && c.weight > 0);
  const pool = healthy.length > 0 ? healthy : candidates;
  const only = pool[0];
  if (only === undefined || pool.length === 1) return only ?? null;
  return policy === 'weighted' ? pickWeighted(pool, random) : pickLeastOutstanding(pool, random);
}

const share = (c: Candidate): number => Math.max(c.weight * c.healthShare, 1e-9);

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
    const load = (candidate.outstanding + 1) / share(candidate);
    if (load > bestLoad) continue;
    ties = load < bestLoad ? 1 : ties + 1;
    if (load < bestLoad || random() * ties < 1) best = candidate;
    bestLoad = load;
  }
  return best;
}
