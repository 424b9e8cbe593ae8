import { it } from 'vitest';
import { checkQueue, LOADS, type QueueSystem } from './check-queue.ts';

// A file for each system, so that they run side by side.
const system: QueueSystem = {
  name: 'M/D/1',
  servers: 1,
  law: { kind: 'deterministic' },
  variation: 0,
};

it.each(LOADS)('M/D/1 at $load within $limitPct %', (load) => checkQueue(system, load));
