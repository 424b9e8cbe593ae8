import { amdahl, type Rule } from './rule.ts';

export const padding: Rule = {
  id: 'padding',
  cause: 'padding',
  from: 0.01,
  advise: ({ leaf, lost }) => ({
    explanation: `${lost} computes padding`,
    fix: 'pack sequences, or bucket them by length',
    ...amdahl(leaf.share),
  }),
};
