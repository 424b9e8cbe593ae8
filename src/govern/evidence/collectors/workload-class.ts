import { percent, type Collector } from '../collector.ts';
import { acceleratorsOf, enginesOf } from '../facts.ts';
import { deviceCount } from './devices.ts';

/**
 * Accelerator-hours of engines that serve a service are inference; those of engines that no route names, and of
 * devices that belong to no engine, carry no class.
 */
export const workloadClass: Collector = {
  id: 'workload-class',
  source: 'ledger',
  query: '/api/v1/engines',
  async organisation(facts, window) {
    const { engines, services } = facts.config;
    const routed = new Set(
      services.flatMap((one) => enginesOf(one, facts.config).map((engine) => engine.name)),
    );
    const owned = engines.filter((engine) => acceleratorsOf(engine) > 0);
    const real = owned.filter((engine) => engine.simulated === undefined);
    const inEngines = real.reduce((sum, engine) => sum + acceleratorsOf(engine), 0);
    const loose = Math.max(0, (deviceCount(facts, window) ?? 0) - inEngines);
    const all = owned.reduce((sum, engine) => sum + acceleratorsOf(engine), loose);
    if (all === 0) return null;
    const classed = owned
      .filter((engine) => routed.has(engine.name))
      .reduce((sum, engine) => sum + acceleratorsOf(engine), 0);
    return {
      value: classed / all,
      coverage: await facts.coverage(window),
      simulated: real.length === 0,
      statement: `${classed} of ${all} accelerators serve a service (${percent(classed / all)}).`,
    };
  },
};
