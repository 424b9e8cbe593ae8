import { createRequire } from 'node:module';
import type * as Cl100k from 'gpt-tokenizer/encoding/cl100k_base';

/** Texts longer than this are estimated from samples: counting must not stall an event loop. */
export const EXACT_LIMIT_CHARS = 1_048_576;

const SAMPLES = 16;
const SAMPLE_CHARS = 16_384;

/**
 * The merge loop of byte-pair encoding is quadratic in the length of one pre-token (100,000 times
 * "a" takes seconds), so runs without a natural break are cut into slices of this length.
 */
const RUN_LIMIT_CHARS = 128;
const longRun = new RegExp(
  `\\p{L}{${RUN_LIMIT_CHARS},}|\\s{${RUN_LIMIT_CHARS},}|[^\\s\\p{L}\\p{N}]{${RUN_LIMIT_CHARS},}`,
  'u',
);
const everyLongRun = new RegExp(longRun.source, 'gu');

/** `a`, ` the`, `hello the`: an optional first word, then the word that repeats after it. */
const repeatedWord = /^([A-Za-z]{0,64})( [a-z]{1,64})/;

const options = { disallowedSpecial: new Set<string>() };
let encoding: typeof Cl100k | null = null;

/** The tables take about 80 ms to load; only a process that counts pays for them. */
function loaded(): typeof Cl100k {
  encoding ??= createRequire(import.meta.url)(
    'gpt-tokenizer/encoding/cl100k_base',
  ) as typeof Cl100k;
  return encoding;
}

/**
 * Tokens of a text under the cl100k_base encoding: the one count that the gateway, the simulated
 * engine and the replay share, so that their totals can be compared. Special-token spellings count
 * as plain text. Exact up to 1 MiB of text without runs of 128 or more letters, spaces or marks; such a run is
 * cut into slices (at most about one token too many per slice), and longer texts are estimated from 16
 * evenly spaced samples. Cost: about 0.1 us per token, a memory compare for one repeated word.
 */
export function countTokens(text: string): number {
  if (text.length === 0) return 0;
  const repeated = countRepeatedWord(text);
  if (repeated !== null) return repeated;
  return text.length > EXACT_LIMIT_CHARS ? estimate(text) : countSliced(text);
}

/**
 * Text of one word repeated: the encoding splits before a space and a letter, so the parts count
 * independently and the sum is exact at any length. Null when the text is not of that form.
 */
function countRepeatedWord(text: string): number | null {
  const match = repeatedWord.exec(text);
  const first = match?.[1];
  const unit = match?.[2];
  if (first === undefined || unit === undefined) return null;
  const times = (text.length - first.length) / unit.length;
  if (!Number.isInteger(times) || times < 2 || text !== first + unit.repeat(times)) return null;
  const { countTokens: count } = loaded();
  return (first === '' ? 0 : count(first, options)) + times * count(unit, options);
}

function countSliced(text: string): number {
  const { countTokens: count } = loaded();
  if (!longRun.test(text)) return count(text, options);
  let tokens = 0;
  for (const slice of slicesOf(text)) tokens += count(slice, options);
  return tokens;
}

/** The text in order, long runs cut into slices. */
function* slicesOf(text: string): Generator<string> {
  let from = 0;
  for (const run of text.matchAll(everyLongRun)) {
    if (run.index > from) yield text.slice(from, run.index);
    from = run.index + run[0].length;
    for (let at = 0; at < run[0].length; at += RUN_LIMIT_CHARS) {
      yield run[0].slice(at, at + RUN_LIMIT_CHARS);
    }
  }
  if (from < text.length) yield text.slice(from);
}

/**
 * The tokens of an ASCII text, in order: joined they are the text, and there are `countTokens(text)` of them
 * up to EXACT_LIMIT_CHARS. (A token of other text can be a part of a character, which no string can hold.)
 */
export function splitTokens(ascii: string): string[] {
  const { encode, decode } = loaded();
  const tokens: string[] = [];
  for (const slice of slicesOf(ascii)) {
    for (const id of encode(slice, options)) tokens.push(decode([id]));
  }
  return tokens;
}

function estimate(text: string): number {
  const stride = (text.length - SAMPLE_CHARS) / (SAMPLES - 1);
  let tokens = 0;
  for (let i = 0; i < SAMPLES; i += 1) {
    const from = Math.floor(i * stride);
    tokens += countSliced(text.slice(from, from + SAMPLE_CHARS));
  }
  return Math.round((tokens / (SAMPLES * SAMPLE_CHARS)) * text.length);
}
