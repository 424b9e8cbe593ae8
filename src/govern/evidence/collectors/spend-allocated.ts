import { percent, type Collector } from '../collector.ts';
import { spendOf } from '../spend.ts';

/** Share of the spend that falls to a service, each of which has an owner; idle engines of no route have none. */
export const spendAllocated: Collector = {
  id: 'spend-allocated',
  source: 'ledger',
  query: '/api/v1/answers?since=30d',
  async organisation(facts, window) {
    const spend = await spendOf(facts, window);
    const { allUsd, unallocatedUsd, simulated, missing } = spend;
    if (allUsd === null || unallocatedUsd === null) {
      const statement = `The spend is not fully known: ${missing.join('; ') || 'nothing ran'}.`;
      return { value: null, coverage: await facts.coverage(window), simulated, statement };
    }
    if (allUsd === 0) return null;
    const value = 1 - unallocatedUsd / allUsd;
    return {
      value,
      coverage: await facts.coverage(window),
      simulated,
      statement: `${percent(value)} of $${allUsd.toFixed(2)} has an owner.`,
    };
  },
};
