import type { ServingRequest } from '../serving/serving-request.ts';

/**
 * Prompt tokens of each request that an unbounded prefix cache of the whole fleet would give: the longest start that a
 * request before it had. No schedule finds more, since a block must be computed before it is found; the last token of a
 * prompt is always computed. 0 without block ids.
 */
export function reusableTokens(requests: readonly ServingRequest[]): number[] {
  const seen = new Set<number>();
  return requests.map(({ blockIds, tokensPerBlockId, promptTokens }) => {
    if (blockIds == null || tokensPerBlockId === undefined) return 0;
    const fresh = blockIds.findIndex((id) => !seen.has(id));
    const found = fresh < 0 ? blockIds.length : fresh;
    for (const id of blockIds) seen.add(id);
    return Math.min(found * tokensPerBlockId, promptTokens - 1);
  });
}
