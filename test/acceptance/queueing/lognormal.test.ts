import { it } from 'vitest';
import { checkQueue, LOADS, type QueueSystem } from './check-queue.ts';

// A file for each system, so that they run side by side.
const system: QueueSystem = {
  name: 'M/G/1',
  servers: 1,
  law: { kind: 'lognormal', variation: 1.5 },
  variation: 1.5,
};

it.each(LOADS)('M/G/1 at $load within $limitPct %', (load) => checkQueue(system, load));
