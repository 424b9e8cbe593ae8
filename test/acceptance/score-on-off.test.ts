import { afterEach, expect, test } from 'vitest';
import type { ScoreView } from '../../src/govern/scorecard/score-view.ts';
import { breaks, carried } from '../e2e/score-breaks.ts';
import { attested, collected, levelsOf, metOf, openLab, type Lab } from '../e2e/score-lab.ts';

let lab: Lab | null = null;
afterEach(async () => lab?.governance.close());

/** What a category comes to without some of its conditions. */
const levelWithout = (base: ScoreView, off: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    base.categories.map((one) => {
      const lost = one.conditions.filter((condition) => off.includes(condition.id));
      const level = lost.some((condition) => condition.level === 1)
        ? 0
        : lost.length > 0
          ? Math.min(1, one.proven)
          : one.proven;
      return [one.id, level];
    }),
  );

const stops = [...new Set(collected.map((one) => one.collector))].map((collector) => ({
  name: `stopped: ${collector}`,
  conditions: collected.filter((one) => one.collector === collector).map((one) => one.id),
  change: undefined,
  off: { collector },
}));
const documents = attested.map(({ id }) => ({
  name: `aged: ${id}`,
  conditions: [id],
  change: undefined,
  off: { unsaid: id },
}));
const causes = Object.entries(breaks)
  .filter(([id]) => !['capacity.separate-queues', 'reliability.fallback'].includes(id))
  .map(([id, change]) => ({
    name: `broken: ${id}`,
    conditions: [id, ...(carried[id] ?? [])],
    change,
    off: {},
  }));

test('exactly what is turned off changes, its level follows, its action reopens, and all comes back', async () => {
  lab = await openLab();
  // A first look at nothing: every action is open.
  await lab.governance.collect();
  await lab.look((world) => Object.assign(world, { devices: [], probes: [], plans: [] }));
  lab.at(1);
  const base = await lab.look();
  lab.at(8);
  for (const one of [...stops, ...documents, ...causes]) {
    // Long enough for actions to close, and for what is not collected or said any more to be too old to count.
    lab.at(one.change === undefined ? 100 : 8);
    const broken = await lab.look(one.change, one.off as { collector?: string });
    const changed = metOf(base).filter((id) => !metOf(broken).includes(id));
    expect(changed, one.name).toEqual(one.conditions.toSorted());
    expect(levelsOf(broken), one.name).toEqual(levelWithout(base, one.conditions));
    for (const id of one.conditions) expect(await lab.stateOf(id), one.name).toBe('reopened');
  }
  lab.at(1);
  expect(metOf(await lab.look())).toEqual(metOf(base));
}, 180_000);
