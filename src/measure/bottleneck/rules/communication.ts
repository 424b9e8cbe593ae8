import { amdahl, type Rule } from './rule.ts';

export const communication: Rule = {
  id: 'communication',
  cause: 'communication',
  from: 0.02,
  advise: ({ leaf, detail, lost }) => ({
    explanation:
      `${lost} is communication that computation does not hide` +
      (detail.exchange === undefined
        ? '; too few steps tell what it takes at its best'
        : `; ${(detail.exchange.bestS * 1000).toFixed(0)} ms of a step at its best`),
    fix: 'overlap the exchange with the backward pass, use larger buckets or lower precision, keep tensor parallelism inside a node',
    ...amdahl(leaf.share),
  }),
};
