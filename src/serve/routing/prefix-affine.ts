import type { Candidate } from './pick-engine.ts';

/** A favourite with more than this many times the mean load passes a request on. */
const LOAD_BOUND = 1.25;

/** What an engine takes of the traffic; never 0, so that it can divide. */
export const share = (c: Candidate): number => Math.max(c.weight * c.healthShare, 1e-9);

/** Outstanding requests, this one included, per unit of share. */
export const loadOf = (c: Candidate): number => (c.outstanding + 1) / share(c);

/**
 * The engine whose cache is likeliest to hold the start of the prompt: weighted rendezvous hashing of the prefix (Thaler
 * and Ravishankar, "Using Name-Based Mappings to Increase Hit Rates", IEEE/ACM ToN 6(1), 1998: an engine that
 * comes or goes moves only its own share), passing over engines above 1.25 times the mean load (Mirrokni, Thorup,
 * Zadimoghaddam, "Consistent Hashing with Bounded Loads", SODA 2018). Null without a prefix.
 */
export function pickByPrefix(
  pool: readonly Candidate[],
  prefixKey: number | null,
): Candidate | null {
  if (prefixKey === null) return null;
  const total = pool.reduce((sum, one) => sum + one.outstanding, 0) + 1;
  const shares = pool.reduce((sum, one) => sum + share(one), 0);
  const bound = (LOAD_BOUND * total) / shares;
  let best: Candidate | null = null;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const candidate of pool) {
    if (candidate.outstanding > Math.ceil(bound * share(candidate))) continue;
    const score = -share(candidate) / Math.log(unitHash(candidate.engine, prefixKey));
    if (score <= bestScore) continue;
    best = candidate;
    bestScore = score;
  }
  return best;
}

/** FNV-1a over the name and the key, finished by MurmurHash3's mixer; in (0, 1). */
function unitHash(name: string, key: number): number {
  let hash = 0x811c9dc5;
  for (const char of `${name} ${key}`) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) + 0.5) / 2 ** 32;
}
