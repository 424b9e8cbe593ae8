import { amdahl, type Rule } from './rule.ts';

export const loading: Rule = {
  id: 'loading',
  cause: 'loading',
  from: 0.01,
  advise: ({ leaf, lost }) => ({
    explanation: `${lost} passes while images or weights load`,
    fix: 'keep images and weights on local disk, stream weights, scale down less eagerly',
    ...amdahl(leaf.share),
  }),
};
