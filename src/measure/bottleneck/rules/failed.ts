import { amdahl, type Rule } from './rule.ts';

export const failed: Rule = {
  id: 'failed',
  cause: 'failed',
  from: 0.005,
  advise: ({ account, leaf, lost }) => ({
    explanation: `${lost} is lost to failures and to work that they rolled back`,
    fix:
      account.business === 'training'
        ? 'write checkpoints nearer to their best interval (`tailrace plan train`), notice and restart sooner'
        : 'look at why the engine did not answer; keep weights on local disk so that it is back sooner',
    ...amdahl(leaf.share),
  }),
};
