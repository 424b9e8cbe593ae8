import { deepFreeze } from './freeze.ts';
import { type Config, configSchema } from './schema.ts';

/**
 * What serves when there is no file: one service on one simulated engine, so that a newcomer
 * without a GPU sees real queueing and tails. The targets are ours, chosen for an interactive chat
 * (first token within half a second, at least 33 tokens per second), not taken from any standard.
 * 2.95 $/h is Nebius' on-demand price of one H100 (src/catalog/data/rental.json), also the median
 * of that catalog's points. Frozen; a new value on each call.
 */
export function defaultConfig(): Config {
  const config = configSchema.parse({
    services: [
      {
        name: 'chat',
        owner: 'you',
        feature: 'chat',
        models: ['llama-3.1-8b', 'default'],
        route: 'chat',
        slo: {
          ttftMs: { p95: 500, p99: 1000 },
          tpotMs: { p95: 30, p99: 50 },
          e2eMs: { p95: 10_000, p99: 20_000 },
          availability: 0.999,
        },
      },
    ],
    routes: [{ name: 'chat', engines: [{ engine: 'simulated-h100' }] }],
    engines: [
      {
        name: 'simulated-h100',
        hardware: {
          accelerator: 'h100-sxm',
          count: 1,
          tensorParallel: 1,
          quantization: 'bf16',
          model: 'llama-3.1-8b',
        },
        cost: { basis: 'rented', usdPerAcceleratorHour: 2.95 },
        simulated: {},
      },
    ],
  });
  deepFreeze(config);
  return config;
}
