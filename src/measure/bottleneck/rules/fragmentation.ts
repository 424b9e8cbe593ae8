import { amdahl, type Rule } from './rule.ts';

export const fragmentation: Rule = {
  id: 'fragmentation',
  cause: 'fragmentation',
  from: 0.005,
  advise: ({ leaf, lost }) => ({
    explanation: `${lost} is free in pieces that fit no work that waits`,
    fix: 'pack by fragmentation (`tailrace cluster replay --policy fgd`), ask for whole cards or slices that divide them',
    ...amdahl(leaf.share),
  }),
};
