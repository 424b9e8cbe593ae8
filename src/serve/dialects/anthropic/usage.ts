import type { TokenCounts } from '../../../records/request-record.ts';
import { knownTokens } from '../conversation-defaults.ts';
import { countOrNull, isObject, type JsonObject } from '../json-fields.ts';

/**
 * The `usage` object of Anthropic replies. Its `input_tokens` leaves out what was read from and
 * written to the cache (Anthropic API reference, "Prompt caching"); TokenCounts.in has all three.
 * Null when it says nothing.
 */
export function readUsage(usage: unknown): TokenCounts | null {
  if (!isObject(usage)) return null;
  const fresh = countOrNull(usage['input_tokens']);
  const cachedIn = countOrNull(usage['cache_read_input_tokens']);
  const cacheWrite = countOrNull(usage['cache_creation_input_tokens']);
  const details = usage['output_tokens_details'];
  return knownTokens({
    in: fresh === null ? null : fresh + (cachedIn ?? 0) + (cacheWrite ?? 0),
    cachedIn,
    cacheWrite,
    out: countOrNull(usage['output_tokens']),
    reasoning: isObject(details) ? countOrNull(details['thinking_tokens']) : null,
  });
}

/** Of a message_start frame, whose `output_tokens` only stands for what has been sampled so far. */
export function readStartUsage(usage: unknown): TokenCounts | null {
  const tokens = readUsage(usage);
  return tokens === null ? null : knownTokens({ ...tokens, out: null, reasoning: null });
}

/** The wire wants numbers: what is not known is written as 0 (docs/dialects.md says so). */
export function writeUsage(tokens: TokenCounts): JsonObject {
  const fresh = (tokens.in ?? 0) - (tokens.cachedIn ?? 0) - (tokens.cacheWrite ?? 0);
  return {
    input_tokens: Math.max(0, fresh),
    cache_creation_input_tokens: tokens.cacheWrite ?? 0,
    cache_read_input_tokens: tokens.cachedIn ?? 0,
    output_tokens: tokens.out ?? 0,
    ...(tokens.reasoning === null
      ? {}
      : { output_tokens_details: { thinking_tokens: tokens.reasoning } }),
  };
}
