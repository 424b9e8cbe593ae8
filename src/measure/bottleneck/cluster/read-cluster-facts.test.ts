import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { window } from '../testing-facts.ts';
import { findLosses } from '../find-losses.ts';
import { clusterAccount } from './cluster-account.ts';
import { readClusterFacts } from './read-cluster-facts.ts';

const replay = {
  arrivals: 'recorded',
  windowHours: 100,
  rows: [
    {
      policy: 'fifo',
      busyGpuHours: 60,
      noDemandGpuHours: 10,
      fragmentedGpuHours: 8,
      policyGpuHours: 12,
      heldGpuHours: 5,
      overGrantedGpuHours: 1,
      lostGpuHours: 4,
      idleUsd: 80,
    },
  ],
};
const check = {
  source: 'kubeconfig a',
  takenAtMs: window.toMs,
  gpus: 16,
  allocatedGpus: 12,
  waiting: 3,
  findings: [
    { rule: 'blocking-quota', subject: 'queue b', gpus: 3, usdPerHour: 6, evidence: 'e' },
    { rule: 'idle-notebook', subject: 'n/pod', gpus: 2, usdPerHour: 4, evidence: 'e' },
    { rule: 'unused-slices', subject: 'node', gpus: null, usdPerHour: null, evidence: 'e' },
  ],
  unknown: ['queues'],
};

function accountOf(value: unknown) {
  const facts = readClusterFacts(JSON.stringify(value), { window, usdPerCardHour: null });
  if (!facts.ok) throw facts.error;
  return clusterAccount(facts.value, window).account;
}
const hoursOf = (value: unknown) =>
  Object.fromEntries(accountOf(value).leaves.map((one) => [one.cause, one.acceleratorHours]));

describe('what clusters say of cards that did no work', () => {
  it('reads a replay: all that was not kept work, by cause, priced', () => {
    expect(hoursOf(replay)).toEqual({
      'no-demand': 10,
      fragmentation: 8,
      'queue-policy': 18,
      failed: 4,
      unexplained: 0,
    });
    const account = accountOf(replay);
    expect(account).toMatchObject({ business: 'shared', acceleratorHours: 40, usd: 80 });
    expect(account.toMs - account.fromMs).toBe(100 * 3_600_000);
    expect(account.metrics.goodput?.scheduling).toBeCloseTo(56 / 96, 9);
  });

  it('reads a check: quota and notebooks over the window, the price from its findings', () => {
    expect(hoursOf(check)).toEqual({ quota: 3, 'no-demand': 1, 'left-on': 2, unexplained: 0 });
    expect(accountOf(check)).toMatchObject({ usd: 12, acceleratorHours: 6 });
  });

  it('tells losses as shares of the whole cluster, work that was given out included', () => {
    const facts = readClusterFacts(JSON.stringify(replay), { window, usdPerCardHour: null });
    if (!facts.ok) throw facts.error;
    const [first] = findLosses([clusterAccount(facts.value, window)], null);
    expect(first).toMatchObject({ cause: 'queue-policy', usd: 36 });
    // Eighteen of forty idle hours, of ninety-six in all.
    expect(first?.share).toBeCloseTo(18 / 96, 9);
    expect(first?.explanation).toContain('19 % of accelerator spend');
    expect(first?.gain.share).toBeCloseTo(18 / 96, 9);
    expect(first?.gain.usdPerDay).toBeCloseTo(first?.usdPerDay ?? 0, 9);
  });

  it('does not guess why cards are free while work waits', () => {
    expect(hoursOf({ ...check, findings: [] })).toEqual({ unexplained: 4 });
  });

  it('refuses anything else with a coded error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const facts = readClusterFacts(text, { window, usdPerCardHour: 1 });
        expect(facts.ok ? null : facts.error.code).toBe('TR_FIELD_INVALID');
      }),
    );
  });
});
