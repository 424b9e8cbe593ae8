import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { disciplinedWorld, sourcesOf, type World } from './score-world.ts';
import { createMemoryLedger } from '../../src/api/memory-ledger.ts';
import { testingRecord } from '../../src/records/testing-record.ts';
import { askRelease } from '../../src/govern/release/ask-release.ts';
import { budgetLeft } from '../../src/govern/release/judge-release.ts';

const NOW_MS = 1_800_000_000_000;
const clock = { wallMs: () => NOW_MS, monoMs: () => 0 };

/** The shop of the scorecard's tests, with canary traffic of two engines in its last hour. */
function shop(candidateMs: number, count = 400, change: (world: World) => void = () => {}) {
  const world = disciplinedWorld(NOW_MS);
  change(world);
  const sources = sourcesOf(world, clock);
  const ledger = createMemoryLedger();
  const record = (i: number, engine: string, e2eMs: number, fails = false) => {
    const base = testingRecord({ startedAtMs: NOW_MS - 60_000 * 30 + i });
    const latency = { ...base.latency, e2eMs };
    const outcome = fails ? ('upstream_error' as const) : ('success' as const);
    return { ...base, service: 'chat', engine, latency, outcome, status: fails ? 502 : 200 };
  };
  const failing = Math.round(world.outageQuarters);
  ledger.add([
    ...Array.from({ length: count }, (_, i) => record(i, 'a', 400 + (i % 100))),
    ...Array.from({ length: count }, (_, i) => record(i, 'b', candidateMs + (i % 100))),
    ...Array.from({ length: failing }, (_, i) => record(i, 'a', 10, true)),
  ]);
  return { ...sources, ledger };
}
const ask = { service: 'chat', candidate: 'b', by: 'ada' };

describe('release gate', () => {
  test('lets an even canary go on, and stops a slower one', async () => {
    expect(await askRelease(shop(410), ask)).toMatchObject({ passed: true, reasons: [] });
    const slow = await askRelease(shop(900), ask);
    expect(slow).toMatchObject({ passed: false, p99: { worse: true } });
    expect(slow.reasons.join()).toContain('p99 of b');
  });

  test('does not let pass what it cannot judge', async () => {
    const few = await askRelease(shop(410, 50), ask);
    expect(few).toMatchObject({ passed: false, p99: null });
    expect(few.reasons.join()).toContain('50 replies of 300');
    const none = await askRelease(
      shop(410, 400, (world) => {
        world.config = (raw) => {
          const [chat] = raw['services'] as Array<{ slo: { availability?: number } }>;
          delete chat?.slo.availability;
        };
      }),
      { ...ask, candidate: null },
    );
    expect(none).toMatchObject({ passed: false, budgetLeftShare: null });
    expect(none.reasons.join()).toContain('slo.availability');
  });

  test('stops everything once the error budget is spent', async () => {
    const spent = await askRelease(
      shop(410, 400, (world) => (world.outageQuarters = 40)),
      { ...ask, candidate: null },
    );
    expect(spent.passed).toBe(false);
    expect(spent.budgetLeftShare).toBeLessThan(0);
  });

  test('names the field at fault', async () => {
    await expect(askRelease(shop(410), { ...ask, service: 'x' })).rejects.toThrow(/"x"/);
    await expect(askRelease(shop(410), { ...ask, candidate: 'x' })).rejects.toThrow(/a, b/);
  });

  test('an error budget only falls with failures', async () => {
    const sources = shop(410);
    const [cell] = await sources.ledger.cells({
      window: { fromMs: 0, toMs: NOW_MS },
      by: 'engine-model-status',
    });
    if (cell === undefined) return expect.fail('no cell');
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(1_000), fc.nat(100), (good, bad, more) => {
        const of = (failed: number) =>
          budgetLeft([{ ...cell, outcomes: { success: good + 1, engine_crash: failed } }], 0.99);
        expect(of(bad + more) ?? NaN).toBeLessThanOrEqual(of(bad) ?? NaN);
      }),
    );
  });
});
