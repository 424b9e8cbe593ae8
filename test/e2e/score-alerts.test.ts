import { describe, expect, test } from 'vitest';
import { disciplinedWorld, sourcesOf, type World } from './score-world.ts';
import { createMemoryLedger } from '../../src/api/memory-ledger.ts';
import { testingRecord } from '../../src/records/testing-record.ts';
import { memoryLogbook } from '../../src/govern/logbook/logbook.ts';
import type { LogbookEntry } from '../../src/records/logbook-entry.ts';
import { raiseAlerts } from '../../src/govern/alerts/raise-alerts.ts';

const NOW_MS = Date.UTC(2027, 0, 15, 8);
const MINUTE_MS = 60_000;

/** Ten requests a minute over the last hour; `slowFor` and `failFor` minutes of it went wrong. */
function scene(about: { slowFor?: number; failFor?: number; change?: (world: World) => void }) {
  const clock = { nowMs: NOW_MS, wallMs: () => clock.nowMs, monoMs: () => 0 };
  const world = disciplinedWorld(NOW_MS);
  about.change?.(world);
  const ledger = createMemoryLedger();
  ledger.add(
    Array.from({ length: 600 }, (_, i) => {
      const startedAtMs = NOW_MS - 60 * MINUTE_MS + i * 6_000;
      const agoMinutes = (NOW_MS - startedAtMs) / MINUTE_MS;
      const base = testingRecord({ startedAtMs });
      const fails = agoMinutes <= (about.failFor ?? 0);
      const e2eMs = agoMinutes <= (about.slowFor ?? 0) ? 5_000 : 400;
      const outcome = fails ? ('upstream_error' as const) : ('success' as const);
      const latency = { ...base.latency, e2eMs };
      return { ...base, service: 'chat', engine: 'a', outcome, status: fails ? 502 : 200, latency };
    }),
  );
  const told: string[] = [];
  const logbook = memoryLogbook();
  const deliver = async (webhook: string, alert: { message: string }): Promise<boolean> => {
    told.push(`${webhook} ${alert.message}`);
    return true;
  };
  const sources = { ...sourcesOf(world, clock), ledger };
  return { clock, told, logbook, raise: () => raiseAlerts(sources, logbook, deliver) };
}

describe('alerts', () => {
  test('are not raised while all is well, nor for a blip', async () => {
    expect(await scene({}).raise()).toEqual([]);
    expect(await scene({ slowFor: 3 }).raise()).toEqual([]);
  });

  test('tell of slow replies once an hour, to who is on call', async () => {
    const slow = scene({ slowFor: 12 });
    const [alert, ...others] = await slow.raise();
    expect(others).toEqual([]);
    // All of them are over the target of p95, which lets 5 % be: twenty times too many.
    expect(alert).toMatchObject({ objective: 'latency', service: 'chat', delivered: true });
    expect(alert?.burnRate).toBeCloseTo(20, 6);
    expect(slow.told[0]).toContain('http://127.0.0.1:9/alerts chat: replies over the target');
    slow.clock.nowMs += MINUTE_MS;
    expect(await slow.raise()).toEqual([]);
    expect(await slow.logbook.entries()).toHaveLength(1);
  });

  test('tell of an error budget that is burnt too fast in the hour and in its last minutes', async () => {
    const [alert] = await scene({ failFor: 12 }).raise();
    // A fifth of the hour failed, of 1 % that may: twenty times too fast.
    expect(alert).toMatchObject({ objective: 'availability' });
    expect(alert?.burnRate).toBeCloseTo(20, 1);
    expect(await scene({ failFor: 4 }).raise()).toEqual([]);
  });

  test('are kept where nobody is on call, as told to nobody', async () => {
    const alone = scene({
      slowFor: 12,
      change: (world) => {
        world.config = (raw) => {
          const [chat] = raw['services'] as Array<Record<string, unknown>>;
          delete chat?.['onCall'];
        };
      },
    });
    expect(await alone.raise()).toMatchObject([{ delivered: null }]);
    expect(alone.told).toEqual([]);
  });

  test('tell each step of a budget once a month', async () => {
    const budget = scene({});
    const day = (n: number, usd: number | null): LogbookEntry => ({
      v: 1,
      kind: 'day',
      atMs: NOW_MS,
      service: 'chat',
      fromMs: Date.UTC(2027, 0, n),
      toMs: Date.UTC(2027, 0, n + 1),
      requests: 1,
      usd,
      queueP90Ms: null,
      queueSampled: 0,
      simulated: false,
    });
    await budget.logbook.add({ ...day(1, 4_000) });
    expect(await budget.raise()).toEqual([]);
    await budget.logbook.add(day(2, 1_500));
    expect(await budget.raise()).toMatchObject([{ objective: 'budget', burnRate: 0.55 }]);
    await budget.logbook.add(day(3, null));
    expect(await budget.raise()).toEqual([]);
    await budget.logbook.add(day(4, 5_000));
    const [last] = await budget.raise();
    expect(last?.message).toBe(
      'chat spent 100 % of its budget of $10000 this month; the cost of 1 days is not known',
    );
  });
});
