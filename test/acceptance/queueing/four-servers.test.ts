import { it } from 'vitest';
import { checkQueue, LOADS, type QueueSystem } from './check-queue.ts';

// A file for each system, so that they run side by side.
const system: QueueSystem = {
  name: 'M/M/4',
  servers: 4,
  law: { kind: 'exponential' },
  variation: 1,
};

it.each(LOADS)('M/M/4 at $load within $limitPct %', (load) => checkQueue(system, load));
