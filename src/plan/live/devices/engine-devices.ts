import type { RunningStep } from '../../engine/engine-core.ts';
import type { MeterReading } from '../../engine/engine-meter.ts';
import type { BuiltEngine } from '../build-engine.ts';
import { createDeviceMeter } from './device-meter.ts';
import { createDevicePage, type ShownDevice } from './device-page.ts';

/** The accelerators of a simulated engine as an exporter would show them; those of one replica do the same. */
export interface EngineDevices {
  step(step: RunningStep, replica: number): void;
  text(meters: readonly MeterReading[]): string;
}

export function createEngineDevices(engine: BuiltEngine, host: string): EngineDevices {
  const meters = engine.replicas.map(() => createDeviceMeter());
  const page = createDevicePage(engine.settings.speed);
  const perReplica = engine.acceleratorsPerReplica;
  return {
    step({ time }, replica) {
      meters[replica]?.addStep(time, engine.powerCap.clockShareOf(time));
    },
    text(readings) {
      const devices = readings.flatMap(({ clockS, energyJ }, replica): ShownDevice[] => {
        const totals = meters[replica]?.totals(clockS, energyJ / perReplica);
        if (totals === undefined) return [];
        return Array.from({ length: perReplica }, (_, i) => ({
          index: replica * perReplica + i,
          host,
          model: engine.accelerator.name,
          totals,
          powerLimitW: engine.powerCap.capW() ?? engine.accelerator.tdpW ?? 0,
        }));
      });
      return page.text(devices);
    },
  };
}
