import type { Collector } from '../collector.ts';
import { deviceSeries } from './devices.ts';

/** A limit that moved by less than this is rounding, not a policy. */
const MOVED = 0.05;

/** A device ran under two power limits in the window: a cap was put on or taken off. */
export const capTested: Collector = {
  id: 'cap-tested',
  source: 'telemetry',
  query: '/api/v1/resources?metrics=powerLimitW',
  async organisation(facts, window) {
    const series = deviceSeries(facts, window, ['powerLimitW']);
    if (series.length === 0) return null;
    const tested = series.filter(({ points }) => {
      const low = Math.min(...points.map((point) => point.min));
      const high = Math.max(...points.map((point) => point.max));
      return high > 0 && (high - low) / high >= MOVED;
    });
    const coverage = Math.max(...series.map((one) => one.knownShare));
    return {
      value: tested.length > 0 ? 1 : 0,
      coverage,
      simulated: false,
      statement: `${tested.length} of ${series.length} devices ran under more than one power limit.`,
    };
  },
};
