import { noGain, type Rule } from './rule.ts';

export const maintenance: Rule = {
  id: 'maintenance',
  cause: 'maintenance',
  from: 0.01,
  advise: ({ lost }) => ({
    explanation: `${lost} is out for maintenance`,
    fix: 'drain nodes when they are empty, repair in batches, keep spares',
    ...noGain,
  }),
};
