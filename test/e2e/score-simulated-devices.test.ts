import { expect, test } from 'vitest';
import { collectors } from '../../src/govern/evidence/collectors.ts';
import { createFacts } from '../../src/govern/evidence/facts.ts';
import { disciplinedWorld, sourcesOf, type World } from './score-world.ts';

const NOW_MS = 1_800_000_000_000;
const clock = { wallMs: () => NOW_MS, monoMs: () => 0 };
const look = async (id: string, change: (world: World) => void) => {
  const world = disciplinedWorld(NOW_MS);
  change(world);
  const facts = createFacts(sourcesOf(world, clock));
  const found = await collectors
    .find((one) => one.id === id)
    ?.organisation(facts, facts.windowOf(1));
  return found ?? null;
};

test.each(['power-sampled', 'active-share', 'cap-tested'])(
  'what a simulated engine tells of its accelerators proves nothing of real ones: %s',
  async (id) => {
    const real = await look(id, () => {});
    expect(real?.value).toBeGreaterThan(0);
    expect(real?.simulated).toBe(false);
    const simulated = await look(id, (world) => {
      for (const device of world.devices) device.id = `SIM-${device.id}`;
    });
    expect(simulated?.simulated === true || (simulated?.value ?? 0) === 0).toBe(true);
  },
);
