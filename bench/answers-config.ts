import { configSchema, type Config } from '../src/config/schema.ts';
import type { Window } from '../src/measure/ledger/ledger.ts';
import type { EngineSample } from '../src/records/engine-sample.ts';
import { serviceOf } from './synthetic-records.ts';

const engines = Array.from({ length: 8 }, (_, n) => `engine-${n}`);
const models = Array.from({ length: 20 }, (_, n) => n);

/** The services and engines that the synthetic records speak of. */
export const answersConfig: Config = configSchema.parse({
  services: [...new Set(models.map(serviceOf))].map((name) => ({
    name,
    owner: 'bench',
    models: models.filter((n) => serviceOf(n) === name).map((n) => `model-${n}`),
    route: 'all',
  })),
  routes: [{ name: 'all', engines: engines.map((engine) => ({ engine })) }],
  engines: engines.map((name) => ({ name, url: 'http://127.0.0.1:9/v1' })),
});

/** One sample a minute for each engine. */
export function engineSamples({ fromMs, toMs }: Window): EngineSample[] {
  const samples: EngineSample[] = [];
  for (let at = fromMs; at < toMs; at += 60_000) {
    for (const engine of engines) samples.push(sampleOf(engine, at));
  }
  return samples;
}

const sampleOf = (engine: string, fromMs: number): EngineSample => ({
  engine,
  fromMs,
  toMs: fromMs + 60_000,
  up: true,
  acceleratorSeconds: 60,
  busyShare: 0.6,
  runningMean: 20,
  waitingMean: 0.5,
  batchLimit: 256,
  kvUsageShare: 0.4,
  preemptions: 0,
  energyWh: 8,
  basis: 'measured',
  simulated: false,
});
