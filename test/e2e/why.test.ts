import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

  test('adds what a cluster says, in a tree of its own, and prints it all', async () => {
    const { window } = await site.run(1, NO_FAULTS);
    const check = {
      source: 'cluster a',
      takenAtMs: window.toMs,
      gpus: 64,
      allocatedGpus: 8,
      waiting: 9,
      findings: [
        { rule: 'blocking-quota', subject: 'queue b', gpus: 40, usdPerHour: null, evidence: 'e' },
      ],
      unknown: [],
    };
    writeFileSync(join(site.dir, 'check.json'), JSON.stringify(check));
    const asked = ['--cluster', 'check.json', '--price', '2.5'];
    const report = await site.why(window, ...asked);
    expect(report.trees.map((tree) => tree.business)).toEqual(['inference', 'training', 'shared']);
    expect(report.findings[0]).toMatchObject({ subject: 'cluster a', rule: 'quota' });
    expect(report.findings[0]?.usd).toBeCloseTo((40 * 2.5) / 60, 9);
    const text = await site.text(window, ...asked);
    expect(text).toContain('free while a quota keeps work waiting (queue b)');
    expect(text).toMatch(/shared: 0\.9333 accelerator-hours, \$2\.33/);
  });

  test('answers for one subject, and says what there is when there is none of that name', async () => {
    const { window } = await site.run(1, NO_FAULTS);
    const report = await site.why(window, 'pretrain');
    expect(report.accounts.map((one) => one.subject)).toEqual(['pretrain']);
    expect((await site.why(window, 'chat')).accounts.map((one) => one.subject)).toEqual(['sim']);
    await expect(site.why(window, 'nobody')).rejects.toThrow(
      /TR_NOT_FOUND.*configured: chat, pretrain, sim/,
    );
  });
});
