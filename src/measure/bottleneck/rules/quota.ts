import { amdahl, type Rule } from './rule.ts';

export const quota: Rule = {
  id: 'quota',
  cause: 'quota',
  from: 0.005,
  advise: ({ leaf, detail, lost }) => ({
    explanation: `${lost} is free while a quota keeps work waiting (${(detail.named ?? []).slice(0, 3).join(', ')})`,
    fix: 'let queues borrow within a cohort (`tailrace cluster check --manifests` writes them), or raise the quota',
    ...amdahl(leaf.share),
  }),
};
