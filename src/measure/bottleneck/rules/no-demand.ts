import { amdahl, type Rule } from './rule.ts';

export const noDemand: Rule = {
  id: 'no-demand',
  cause: 'no-demand',
  from: 0.01,
  advise: ({ account, leaf, lost }) => ({
    explanation: `${lost} is lost to idle accelerators that nobody asks anything of`,
    fix:
      account.kind === 'pool'
        ? 'give back what is free, or let work of low priority use it'
        : 'scale down when idle, share the engine with other services, or move batch work to these hours',
    ...amdahl(leaf.share),
  }),
};
