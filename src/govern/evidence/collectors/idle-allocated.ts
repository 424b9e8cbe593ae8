import { percent, type Collector } from '../collector.ts';
import { fleetOf, weighted } from './fleet.ts';

/** Share of the time an engine was up in which it did nothing. */
export const idleAllocated: Collector = {
  id: 'idle-allocated',
  source: 'ledger',
  query: 'tailrace ask --since 30d',
  async organisation(facts, window) {
    const fleet = (await fleetOf(facts, window)).filter((one) => one.upShare > 0);
    if (fleet.length === 0 || fleet.some((one) => one.use?.busyShare == null)) return null;
    const up = weighted(fleet, (one) => one.upShare);
    const idle = weighted(fleet, ({ upShare, use }) => upShare * (1 - (use?.busyShare ?? 0)));
    return {
      value: idle / up,
      coverage: await facts.coverage(window),
      simulated: fleet.some((one) => one.simulated),
      statement: `Engines were idle ${percent(idle / up)} of the time in which they were up.`,
    };
  },
};
