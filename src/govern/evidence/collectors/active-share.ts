import { batchOccupancy } from '../../../measure/answers/engine-time.ts';
import { percent, type Collector } from '../collector.ts';
import { deviceSeries, knownShares, meanOf } from './devices.ts';
import { fleetOf, weighted } from './fleet.ts';

/**
 * SM active over allocated time. The driver's "GPU utilization" does not count: it is 100 % when one kernel of one
 * warp runs (NVML documentation, nvmlDeviceGetUtilizationRates). A simulated engine has no multiprocessors: there
 * it is the filled part of the batch over time.
 */
export const activeShare: Collector = {
  id: 'active-share',
  source: 'telemetry',
  query: '/api/v1/resources?metrics=smActiveShare',
  async organisation(facts, window) {
    const fleet = await fleetOf(facts, window);
    const series = deviceSeries(facts, window, ['smActiveShare']);
    const active = meanOf(series);
    if (active !== null) {
      const shares = [...knownShares(series).values()];
      const coverage = shares.reduce((a, b) => a + b, 0) / Math.max(1, shares.length);
      const real = fleet.filter((one) => !one.simulated);
      const up =
        weighted(real, (one) => one.upShare) /
        Math.max(
          1,
          weighted(real, () => 1),
        );
      const value = Math.min(1, active / (up > 0 ? up : 1));
      const statement = `SM active ${percent(value)} of allocated time on ${shares.length} devices.`;
      return { value, coverage, simulated: false, statement };
    }
    const simulated = fleet.filter((one) => one.simulated && one.use !== null);
    const all = weighted(simulated, (one) => one.upShare);
    if (all === 0) return null;
    const filled = weighted(simulated, ({ use, upShare }) =>
      use === null ? 0 : upShare * (use.busyShare ?? 0) * (batchOccupancy(use) ?? 0),
    );
    return {
      value: filled / all,
      coverage: await facts.coverage(window),
      simulated: true,
      statement: `Simulated engines worked ${percent(filled / all)} of their batch places.`,
    };
  },
};
