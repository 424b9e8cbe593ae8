import { BLOCK_TOKENS, MAX_TRACE_TOKENS, type TraceRow } from '../../records/traces/trace-row.ts';

/**
 * Sixty-four words that are one token each in cl100k_base, with their space, wherever they stand in
 * a text of such words: the encoding splits before a space, and each ` word` is in its vocabulary.
 * So a text of n of them counts exactly n tokens under `countTokens` (a test checks both claims).
 */
export const WORDS: readonly string[] = (
  'the of and to in is for on that by this with you it not or be are from at as your all have new ' +
  'more an was we will home can us about if page my has search free but our one other do no ' +
  'information time they site he up may what which their news out use any there see only so his ' +
  'when'
)
  .split(' ')
  .slice(0, 64)
  .map((word) => ` ${word}`);

const FILLER_WORD = ' the';
/** Grown by doubling, so that the texts of most prompts are slices of one string. */
let filler = FILLER_WORD.repeat(4096);

function fillerOf(tokens: number): string {
  while (filler.length < tokens * FILLER_WORD.length) filler += filler;
  return filler.slice(0, tokens * FILLER_WORD.length);
}

/** Words that write `value` in base 64, lowest digit first; always `digits` of them. */
function head(value: number, digits: number): string {
  let text = '';
  let rest = value;
  for (let i = 0; i < digits; i += 1) {
    text += WORDS[rest % 64] ?? FILLER_WORD;
    rest = Math.floor(rest / 64);
  }
  return text;
}

/** Base-64 digits that write any safe integer. */
const HEAD_DIGITS = 9;

/**
 * `countTokens` estimates texts beyond 1 MiB, unless they are one word repeated; longer prompts are therefore that,
 * and give up their differing heads to keep the count exact.
 */
const EXACT_TOKENS = 200_000;

/** `tokens` tokens of text that begins differently for each `salt` (a whole number). */
function saltedText(salt: number, tokens: number): string {
  if (tokens > EXACT_TOKENS) return fillerOf(tokens);
  const digits = Math.min(HEAD_DIGITS, tokens);
  return head(salt, digits) + fillerOf(tokens - digits);
}

/**
 * A prompt of exactly `row.inputTokens` tokens. With block ids: the texts of its blocks, so that
 * two requests share the prefix that the trace says they share. Without: a text that differs from
 * its start for each `index`, since equal prefixes would let an engine's prefix cache answer what
 * the real requests had to compute.
 */
export function promptText(row: TraceRow, index: number): string {
  const tokens = Math.min(row.inputTokens, MAX_TRACE_TOKENS);
  if (row.blockIds === null) return saltedText(index, tokens);
  let text = '';
  let left = tokens;
  for (const id of row.blockIds) {
    if (left === 0) break;
    const blockTokens = Math.min(BLOCK_TOKENS, left);
    text += saltedText(id, blockTokens);
    left -= blockTokens;
  }
  return text + fillerOf(left);
}
