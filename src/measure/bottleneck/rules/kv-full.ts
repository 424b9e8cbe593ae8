import { amdahl, type Rule } from './rule.ts';

export const kvFull: Rule = {
  id: 'kv-full',
  cause: 'kv-full',
  from: 0.01,
  advise: ({ leaf, lost }) => ({
    explanation: `${lost} is lost to a full KV cache: requests wait while batch places are empty`,
    fix: 'quantize the KV cache or the weights, shorten contexts, add a host tier or memory, or use tensor parallelism',
    ...amdahl(leaf.share),
  }),
};
