import { percent, type Collector } from '../collector.ts';
import { watchedDevices } from './devices.ts';
import { fleetOf } from './fleet.ts';

/**
 * Share of accelerator time that was watched: by exporters where they tell of devices, else by the metrics of the
 * engine that the accelerators belong to.
 */
export const telemetryShare: Collector = {
  id: 'telemetry-share',
  source: 'telemetry',
  query: '/api/v1/resources',
  async organisation(facts, window) {
    const fleet = await fleetOf(facts, window);
    const real = fleet.filter((one) => !one.simulated);
    const devices = [...watchedDevices(facts, window).values()];
    const counted = devices.length > 0 ? fleet.filter((one) => one.simulated) : fleet;
    const owned = real.reduce((sum, one) => sum + one.accelerators, 0);
    // Devices that are owned but never seen count as silent.
    const all =
      counted.reduce((sum, one) => sum + one.accelerators, 0) +
      (devices.length > 0 ? Math.max(devices.length, owned) : 0);
    if (all === 0) return null;
    const watched =
      counted.reduce((sum, one) => sum + one.accelerators * one.sampledShare, 0) +
      devices.reduce((sum, share) => sum + share, 0);
    return {
      value: watched / all,
      coverage: await facts.coverage(window),
      simulated: real.length === 0 && devices.length === 0,
      statement: `${percent(watched / all)} of the time of ${all} accelerators was watched.`,
    };
  },
};
