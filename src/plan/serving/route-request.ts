import { pickEngine, type Candidate } from '../../serve/routing/pick-engine.ts';
import { createRandom } from '../core/random.ts';
import type { Members } from './members.ts';
import type { Replica } from './replica.ts';
import type { ServingRequest } from './serving-request.ts';
import type { ServingOptions } from './simulate-serving.ts';

/** Length of the start of a prompt that `prefix-affine` goes by, tokens: a system prompt or so. */
const PREFIX_TOKENS = 1024;

/** Picks a replica of from..to-1 for a request; null when none of them takes requests now. */
export type Router = (request: ServingRequest, from: number, to: number) => Replica | null;

/** The gateway's own policies over the ready replicas. */
export function createRouter(
  { replicas: specs, router = 'least-outstanding', seed = 1 }: ServingOptions,
  replicas: readonly Replica[],
  members: Members,
): Router {
  const random = createRandom(seed);
  const candidates: Candidate[] = specs.map((spec, i) => ({
    engine: String(i),
    weight: spec.weight ?? 1,
    outstanding: 0,
    healthShare: 1,
  }));
  return (request, from, to) => {
    const ready: Candidate[] = [];
    for (let i = from; i < to; i += 1) {
      const candidate = candidates[i];
      if (candidate === undefined || !members.isReady(i)) continue;
      candidate.outstanding = replicas[i]?.outstanding() ?? 0;
      ready.push(candidate);
    }
    const key = router === 'prefix-affine' ? prefixKey(request) : null;
    const picked = pickEngine(router, ready, () => random.uniform(), key);
    return picked === null ? null : (replicas[Number(picked.engine)] ?? null);
  };
}

/** The id of the last block of the prefix names all text up to it. */
function prefixKey({ blockIds, tokensPerBlockId = 16 }: ServingRequest): number | null {
  if (blockIds == null) return null;
  const at = Math.min(blockIds.length, Math.ceil(PREFIX_TOKENS / tokensPerBlockId)) - 1;
  return blockIds[at] ?? null;
}
