import { afterEach, describe, expect, test } from 'vitest';
import { breaks, NEEDS_TRAFFIC, type Change } from './score-breaks.ts';
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
