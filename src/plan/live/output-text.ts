import { createRandom, mixSeeds } from '../core/random.ts';

/**
 * Words that are one token of cl100k_base each, with the space before them, alone and as the first word of
 * a text when capitalized without it (a test checks every one). They are ASCII and need no escape in JSON.
 */
export const OUTPUT_WORDS: readonly string[] = (
  'water river power current level flow light system engine model time number value point result ' +
  'process line field state form part work case area study group right left small large first last ' +
  'next open full free high low long short new old good great local general common single public ' +
  'data code table list page text word name file image version test order check change market ' +
  'report project service network country school family history'
).split(' ');

const SPACED = OUTPUT_WORDS.map((word) => ` ${word}`);
const CAPITAL = OUTPUT_WORDS.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
const SPACED_CAPITAL = CAPITAL.map((word) => ` ${word}`);

const SENTENCE_TOKENS = 12;

/** Token `index` of the output with this seed: exactly one token of text, whatever comes before it. */
export function outputToken(seed: number, index: number): string {
  const place = index % SENTENCE_TOKENS;
  if (place === SENTENCE_TOKENS - 1) return '.';
  const words = place > 0 ? SPACED : index === 0 ? CAPITAL : SPACED_CAPITAL;
  return words[mixSeeds(seed, index) % words.length] ?? ' water';
}

/** The first `tokens` tokens of the output with this seed. */
export function outputText(seed: number, tokens: number): string {
  let text = '';
  for (let i = 0; i < tokens; i += 1) text += outputToken(seed, i);
  return text;
}

/** What one choice says, token by token. */
export interface Output {
  /** Token `index` as it stands between the quotes of a JSON string; ASCII. */
  escapedToken(index: number): string;
  /** The first `tokens` tokens. */
  text(tokens: number): string;
}

export const fillerOutput = (seed: number): Output => ({
  escapedToken: (index) => outputToken(seed, index),
  text: (tokens) => outputText(seed, tokens),
});

/** Says these tokens; they are ASCII. */
export const fixedOutput = (tokens: readonly string[]): Output => ({
  escapedToken: (index) => JSON.stringify(tokens[index] ?? '').slice(1, -1),
  text: (count) => tokens.slice(0, count).join(''),
});

/**
 * Output lengths where the client does not fix them: lognormal, mean 200 tokens and coefficient of
 * variation 0.8. The Azure LLM inference trace of conversations (2023) has a mean of 211 and 0.77.
 */
export const OUTPUT_LENGTH = Object.freeze({ meanTokens: 200, variation: 0.8 });

export interface OutputLength {
  tokens: number;
  finishReason: 'stop' | 'length';
}

/** The length of a text that is already settled, cut at `limit`. */
export const fixedOutputLength = (tokens: number, limit: number): OutputLength =>
  tokens <= limit ? { tokens, finishReason: 'stop' } : { tokens: limit, finishReason: 'length' };

/** Draws a length from the seed, cut at `limit` (at least 1). */
export function drawOutputLength(seed: number, limit: number): OutputLength {
  const { meanTokens, variation } = OUTPUT_LENGTH;
  const drawn = Math.max(1, Math.round(createRandom(seed).lognormal(meanTokens, variation)));
  return fixedOutputLength(drawn, limit);
}
