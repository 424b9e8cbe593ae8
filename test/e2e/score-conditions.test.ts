import { afterEach, describe, expect, test } from 'vitest';
import type { ScoreView } from '../../src/govern/scorecard/score-view.ts';
import { breaks, carried, NEEDS_TRAFFIC, type Change } from './score-breaks.ts';
import {
  attested,
  collected,
  levelsOf,
  metOf,
  openLab as openLab_,
  type Lab,
} from './score-lab.ts';
import { DAY_MS, HOUR_MS } from './score-world.ts';

const open: Lab[] = [];
const openLab = async (): Promise<Lab> => {
  const lab = await openLab_();
  open.push(lab);
  return lab;
};
afterEach(async () => {
  for (const one of open.splice(0)) await one.governance.close();
});

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
  const lab = await openLab();
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

describe('conditions turn on and off', () => {
  test('a disciplined shop meets everything that can be collected or attested', async () => {
    const lab = await openLab();
    const score = await lab.look();
    const expected = [...collected, ...attested].map((one) => one.id).toSorted();
    expect(metOf(score)).toEqual(expected);
    expect(levelsOf(score)).toEqual({
      capacity: 2,
      utilization: 2,
      bottlenecks: 2,
      serving: 2,
      reliability: 2,
      data: 1,
      security: 1,
      finops: 1,
    });
    // Each point is a click from its evidence.
    for (const one of score.categories.flatMap((category) => category.conditions)) {
      if (one.state !== 'met') continue;
      expect(one.evidence[0]).toMatchObject({ condition: one.id, holds: true });
      expect(one.evidence[0]?.query).not.toBe('');
    }
  });

  test('an action closes after seven days, reopens when its condition stops, and closes again', async () => {
    const lab = await openLab();
    const id = 'serving.attainment';
    const slow: Change = (world) => (world.slowHours = 5);
    await lab.look(slow);
    expect(await lab.stateOf(id)).toBe('open');
    lab.at(1);
    await lab.look();
    expect(await lab.stateOf(id)).toBe('closing');
    lab.at(6);
    await lab.look();
    expect(await lab.stateOf(id)).toBe('closing');
    lab.at(1.1);
    await lab.look();
    expect(await lab.stateOf(id)).toBe('closed');
    lab.at(1);
    const broken = await lab.look(slow);
    expect(await lab.stateOf(id)).toBe('reopened');
    expect(broken.moves[0]).toMatchObject({ category: 'serving', from: 2, to: 0 });
    expect(broken.moves[0]?.because.join(' ')).toContain('Latency objectives');
  });

  test.each(['capacity.separate-queues', 'reliability.fallback'])(
    '%s falls with a second service that has neither',
    async (id) => {
      const lab = await openLab();
      const base = await lab.look();
      const broken = await lab.look(breaks[id]);
      const changed = metOf(base).filter((one) => !metOf(broken).includes(one));
      expect(changed).toContain(id);
      expect([id, ...NEEDS_TRAFFIC]).toEqual(expect.arrayContaining(changed));
    },
  );

  test('evidence lost with the state of a day is not lost with a restart of an hour', async () => {
    const lab = await openLab();
    const base = await lab.look();
    lab.at(HOUR_MS / DAY_MS);
    const after = await lab.look();
    expect(metOf(after)).toEqual(metOf(base));
  });
});
