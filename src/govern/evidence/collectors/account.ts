import type { Collector } from '../collector.ts';
import { percent } from '../collector.ts';

/** Share of training step time that waits for data, from the account of accelerator time. */
export const dataStall: Collector = {
  id: 'data-stall',
  source: 'account',
  query: '/api/v1/why?since=30d',
  async organisation(facts, window) {
    const account = (await facts.sources.account?.(window, null)) ?? null;
    if (account === null || account.dataStallShare === null) return null;
    const { dataStallShare: value, coverage, simulated } = account;
    const statement = `${percent(value)} of training step time waited for data.`;
    return { value, coverage, simulated, statement };
  },
};

/** Share of training time that made progress, checkpoints and restarts taken off. */
export const trainingGoodput: Collector = {
  id: 'training-goodput',
  source: 'account',
  query: '/api/v1/why?since=30d',
  async organisation(facts, window) {
    const account = (await facts.sources.account?.(window, null)) ?? null;
    if (account === null || account.trainingGoodputShare === null) return null;
    const { trainingGoodputShare: value, coverage, simulated } = account;
    return { value, coverage, simulated, statement: `Training goodput was ${percent(value)}.` };
  },
};
