import { amdahl, type Rule } from './rule.ts';

export const queuePolicy: Rule = {
  id: 'queue-policy',
  cause: 'queue-policy',
  from: 0.005,
  advise: ({ leaf, lost }) => ({
    explanation: `${lost} is free, of use and wanted, but the queue does not give it out`,
    fix: 'start gangs whole and backfill behind them (`tailrace cluster replay` names the best policy)',
    ...amdahl(leaf.share),
  }),
};
