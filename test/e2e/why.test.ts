import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_FAULTS } from '../../src/plan/training/synthetic-job/synthetic-job.ts';
import { azureRows, createVirtualSite, type VirtualSite } from './virtual-site.ts';

/**
 * The whole way in virtual time: a simulated engine under replayed traffic and a synthetic training job, their metrics pages,
 * samples, records and step logs kept as by an instance, and `tailrace why` run on what was kept.
 */
let site: VirtualSite;
beforeAll(async () => {
  site = await createVirtualSite({ rows: azureRows(), everyS: 0.5 });
  await site.run(3, NO_FAULTS);
});
afterAll(() => site.close());

/** Largest error of the money of a cause that is known exactly. */
const MONEY_ERROR = 0.1;

describe('tailrace why', () => {
  test.each([
    ['data-stall', { ...NO_FAULTS, loaderShareOfDemand: 0.6 }, 'data-stall'],
    ['network', { ...NO_FAULTS, exchangeFactor: 6 }, 'network-or-stragglers'],
    ['throttled', { ...NO_FAULTS, powerCapW: 350 }, 'throttled'],
  ] as const)('names %s first, with its money', async (cause, faults, rule) => {
    const { window, lostUsd } = await site.run(3, faults);
    const report = await site.why(window);
    const [first] = report.findings;
    expect(first).toMatchObject({ subject: 'pretrain', rule, cause });
    expect(first?.usd).toBeGreaterThan(lostUsd * (1 - MONEY_ERROR));
    expect(first?.usd).toBeLessThan(lostUsd * (1 + MONEY_ERROR));
    for (const tree of report.trees) {
      const whole = tree.leaves.reduce((sum, leaf) => sum + leaf.share, 0);
      expect(whole).toBeCloseTo(1, 9);
    }
    expect(report.trees.map((tree) => tree.business)).toEqual(['inference', 'training']);
    expect(report.simulated).toBe('all');
  });
});
