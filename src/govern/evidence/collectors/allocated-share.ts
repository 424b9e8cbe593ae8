import { percent, type Collector } from '../collector.ts';
import { fleetOf, weighted } from './fleet.ts';

/** Share of accelerator time in which an engine was up for some service. */
export const allocatedShare: Collector = {
  id: 'allocated-share',
  source: 'ledger',
  query: '/api/v1/engines',
  async organisation(facts, window) {
    const fleet = await fleetOf(facts, window);
    const all = weighted(fleet, () => 1);
    if (all === 0 || fleet.every((one) => one.use === null)) return null;
    const value = weighted(fleet, (one) => (one.routed ? one.upShare : 0)) / all;
    return {
      value,
      coverage: await facts.coverage(window),
      simulated: fleet.some((one) => one.simulated),
      statement: `${percent(value)} of the time of ${all} accelerators was allocated to a service.`,
    };
  },
};
