import type { RequestEnergy } from '../../records/request-record.ts';
import type { SimulationReport } from '../../records/simulation.ts';

const UNKNOWN: RequestEnergy = Object.freeze({ energyWh: null, basis: 'unknown' });

/**
 * Energy of one request at the accelerator, watt-hours, without its share of idle power. Only a
 * simulated engine reports it (modelled); of a public API or an engine without a power meter it is
 * unknown, and no typical figure is put in its place.
 */
export function requestEnergy(simulation: SimulationReport | null): RequestEnergy {
  return simulation === null ? UNKNOWN : { energyWh: simulation.energyWh, basis: 'modelled' };
}
