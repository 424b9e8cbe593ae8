import { percent, type Collector } from '../collector.ts';
import { ENOUGH_COVERAGE } from '../grade.ts';
import { deviceSeries, knownShares } from './devices.ts';
import { fleetOf, weighted } from './fleet.ts';

/** Share of accelerators whose power or energy is known for most of the window. */
export const powerSampled: Collector = {
  id: 'power-sampled',
  source: 'telemetry',
  query: '/api/v1/resources?metrics=powerW,energyRateW',
  async organisation(facts, window) {
    const fleet = await fleetOf(facts, window);
    const shares = knownShares(deviceSeries(facts, window, ['powerW', 'energyRateW']));
    const seen = [...shares.values()].filter((share) => share >= ENOUGH_COVERAGE).length;
    const simulated = fleet.filter((one) => one.simulated);
    const owned = weighted(fleet, (one) => (one.simulated ? 0 : 1));
    const all = weighted(simulated, () => 1) + Math.max(owned, shares.size);
    if (all === 0) return null;
    const known = seen + weighted(simulated, ({ use }) => (use?.energyWh == null ? 0 : 1));
    return {
      value: known / all,
      coverage: await facts.coverage(window),
      simulated: owned === 0 && shares.size === 0,
      statement: `Power is known for ${known} of ${all} accelerators (${percent(known / all)}).`,
    };
  },
};
