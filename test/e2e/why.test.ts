import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import type { RecordedReplay } from '../../src/plan/cluster-replay/queue/replay-recorded.ts';
import { systemClock } from '../../src/records/clock.ts';
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

  test('takes what a replay of a recorded cluster prints', async () => {
    const { window } = await site.run(1, NO_FAULTS);
    let replayed = '';
    const openb = join(import.meta.dirname, '../fixtures/openb');
    const args = ['--policy', 'fifo', '--seeds', '1', '--load', '20000', '--price', '2', '--json'];
    const code = await runCli(
      ['cluster', 'replay', '--nodes', 'nodes.csv', '--pods', 'pods.csv', ...args],
      {
        stdout: { write: (text) => void (replayed += text), isTTY: false, columns: 80 },
        stderr: { write: () => {}, isTTY: false },
        env: {},
        cwd: openb,
        clock: systemClock,
        signal: new AbortController().signal,
      },
    );
    expect(code).toBe(0);
    writeFileSync(join(site.dir, 'replay.json'), replayed);
    const row = (JSON.parse(replayed) as RecordedReplay).rows[0];
    const report = await site.why(window, '--cluster', 'replay.json');
    const pool = report.accounts.find(({ business }) => business === 'shared');
    expect(pool?.usd).toBeCloseTo(row?.idleUsd ?? 0, 3);
    const hours = new Map(pool?.leaves.map((leaf) => [leaf.cause, leaf.acceleratorHours]));
    expect(hours.get('no-demand') ?? 0).toBeCloseTo(row?.noDemandGpuHours ?? Number.NaN, 6);
    expect(hours.get('fragmentation') ?? 0).toBeCloseTo(row?.fragmentedGpuHours ?? Number.NaN, 6);
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
