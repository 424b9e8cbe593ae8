import { amdahl, type Rule } from './rule.ts';

export const evaluation: Rule = {
  id: 'evaluation',
  cause: 'evaluation',
  from: 0.02,
  advise: ({ leaf, lost }) => ({
    explanation: `${lost} goes to evaluation on the training accelerators`,
    fix: 'evaluate checkpoints on other, cheaper accelerators, or less often',
    ...amdahl(leaf.share),
  }),
};
