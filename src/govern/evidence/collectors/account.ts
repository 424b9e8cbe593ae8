import { percent, type Collector } from '../collector.ts';

/** Share of training step time that waits for data, from the account of accelerator time. */
export const dataStall: Collector = {
  id: 'data-stall',
  source: 'account',
  query: 'tailrace why --since 30d',
  async organisation(facts, window) {
    const { training } = (await facts.sources.account?.(window)) ?? { training: null };
    if (training === null) return null;
    const { dataStallShare: value, explainedShare: coverage, simulated } = training;
    const statement = `${percent(value)} of training time waited for data.`;
    return { value, coverage, simulated, statement };
  },
};

/** Share of training time that made progress, checkpoints and restarts taken off. */
export const trainingGoodput: Collector = {
  id: 'training-goodput',
  source: 'account',
  query: 'tailrace why --since 30d',
  async organisation(facts, window) {
    const { training } = (await facts.sources.account?.(window)) ?? { training: null };
    if (training === null || training.goodputShare === null) return null;
    const { goodputShare: value, explainedShare: coverage, simulated } = training;
    return { value, coverage, simulated, statement: `Training goodput was ${percent(value)}.` };
  },
};
