import { systemClock } from '../../records/clock.ts';
import { startSimulatedEngine, type SimulatedEngine } from './server.ts';
import type { SimulatedEngineConfig } from './simulated-config.ts';

type Settings = NonNullable<SimulatedEngineConfig['simulated']>;

/** A configuration for tests: Llama 3.1 8B on one H100, at 20 times real time. */
export function testConfig(
  changes: Partial<Settings> = {},
  hardware: Partial<NonNullable<SimulatedEngineConfig['hardware']>> = {},
): SimulatedEngineConfig {
  return {
    name: 'sim',
    models: [],
    hardware: {
      accelerator: 'h100-sxm',
      count: 1,
      tensorParallel: 1,
      quantization: 'bf16',
      model: 'llama-3.1-8b',
      ...hardware,
    },
    simulated: {
      seed: 1,
      maxSequences: 256,
      maxBatchedTokens: 8192,
      gpuMemoryShare: 0.9,
      speed: 20,
      port: 0,
      faults: { errorRate: 0, stallRate: 0, stallMs: 60_000, cutRate: 0, slowStartMs: 0 },
      ...changes,
    },
  };
}

export const startTestEngine = (config: SimulatedEngineConfig): Promise<SimulatedEngine> =>
  startSimulatedEngine({ config, clock: systemClock });

/** Every sample of the engine's metrics, by name and labels as written. */
export async function readMetrics(engine: SimulatedEngine): Promise<Map<string, number>> {
  const text = await (await fetch(engine.metricsUrl)).text();
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const at = line.lastIndexOf(' ');
    samples.set(line.slice(0, at), Number(line.slice(at + 1)));
  }
  return samples;
}

/** The one sample of a name, whatever its labels. */
export function sampleOf(samples: Map<string, number>, name: string): number {
  for (const [key, value] of samples) if (key === name || key.startsWith(`${name}{`)) return value;
  throw new Error(`no sample ${name}`);
}
