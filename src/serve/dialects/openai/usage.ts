import type { TokenCounts } from '../../../records/request-record.ts';
import { knownTokens } from '../conversation-defaults.ts';
import { countOrNull, isObject, type JsonObject } from '../json-fields.ts';

/**
 * The `usage` object of OpenAI replies. `prompt_tokens` includes cached tokens and tokens written
 * to the cache, `completion_tokens` includes reasoning, as in TokenCounts. Null when it says
 * nothing.
 */
export function readUsage(usage: unknown): TokenCounts | null {
  if (!isObject(usage)) return null;
  const prompt = usage['prompt_tokens_details'];
  const completion = usage['completion_tokens_details'];
  return knownTokens({
    in: countOrNull(usage['prompt_tokens']),
    cachedIn: isObject(prompt) ? countOrNull(prompt['cached_tokens']) : null,
    cacheWrite: isObject(prompt) ? countOrNull(prompt['cache_write_tokens']) : null,
    out: countOrNull(usage['completion_tokens']),
    reasoning: isObject(completion) ? countOrNull(completion['reasoning_tokens']) : null,
  });
}

/** Null where input or output are not known: the wire has no way to say "unknown", but may omit. */
export function writeUsage(tokens: TokenCounts): JsonObject | null {
  if (tokens.in === null || tokens.out === null) return null;
  const prompt: JsonObject = {};
  if (tokens.cachedIn !== null) prompt['cached_tokens'] = tokens.cachedIn;
  if (tokens.cacheWrite !== null) prompt['cache_write_tokens'] = tokens.cacheWrite;
  const usage: JsonObject = {
    prompt_tokens: tokens.in,
    completion_tokens: tokens.out,
    total_tokens: tokens.in + tokens.out,
  };
  if (Object.keys(prompt).length > 0) usage['prompt_tokens_details'] = prompt;
  if (tokens.reasoning !== null) {
    usage['completion_tokens_details'] = { reasoning_tokens: tokens.reasoning };
  }
  return usage;
}
