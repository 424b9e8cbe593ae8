/**
 * Words that are one token with their space in the vocabularies in use (GPT, Llama, Qwen, Mistral and Gemma have
 * all common English words whole), so that a prompt of n of them has n tokens plus the template's.
 */
const WORDS = (
  'time people way day man thing woman life child world school state family student group country ' +
  'problem hand part place case week company system program question work government number night ' +
  'point home water room mother area money story fact month lot right study book eye job word business ' +
  'issue side kind head house service friend father power hour game line end member law car city name'
).split(' ');

/** A prompt of `count` words that differs from its start on for each `salt`: no prefix cache can know it. */
export function wordsPrompt(salt: number, count: number): string {
  const words: string[] = [];
  let state = (salt + 1) * 2_654_435_761;
  for (let i = 0; i < count; i += 1) {
    // A multiplicative step (Knuth, volume 2, section 3.2.1.2): only variety is asked of it.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    words.push(WORDS[(state >>> 16) % WORDS.length] ?? 'time');
  }
  return ` ${words.join(' ')}`;
}

/** Questions that have much to say in their first words, so that another model shows at once. */
export const CANARIES: readonly string[] = [
  'Continue this story in one sentence: The lighthouse keeper opened the letter and',
  'Name a colour, an animal, a city and a number, separated by commas.',
  'Write one line of Python that returns the squares of the first ten integers.',
  'Explain in one sentence why the sky is blue.',
  'Translate into French: The pump ran until the valve closed.',
  'Give a four-word slogan for a bakery by the sea.',
  'What is 17 times 23? Think briefly, then answer.',
  'List five unusual uses of a paper clip, in a few words each.',
];
