import { expect, test } from 'vitest';
import { disciplinedWorld, sourcesOf } from './score-world.ts';
import { memoryLogbook, entriesOf } from '../../src/govern/logbook/logbook.ts';
import type { EntryOf } from '../../src/records/logbook-entry.ts';
import { DAY_MS } from '../../src/govern/days/forecast.ts';
import { keepDays } from '../../src/govern/days/keep-days.ts';

/** Midnight after a day of the world's traffic. */
const NOW_MS = 20_834 * DAY_MS;
const clock = { wallMs: () => NOW_MS, monoMs: () => 0 };

test('a day that is over is noted once, with what came, what it cost and how long it waited', async () => {
  const logbook = memoryLogbook();
  const sources = sourcesOf(disciplinedWorld(NOW_MS), clock);
  expect(await keepDays(sources, logbook)).toBe(1);
  expect(await keepDays(sources, logbook)).toBe(0);
  const [day, ...others] = entriesOf(await logbook.entries(), 'day');
  expect(others).toEqual([]);
  expect(day).toMatchObject({
    service: 'chat',
    fromMs: NOW_MS - DAY_MS,
    toMs: NOW_MS,
    queueP90Ms: 5,
    simulated: false,
  });
  const { services } = await sources.computeAnswers({
    ledger: sources.ledger,
    config: sources.config(),
    window: { fromMs: NOW_MS - DAY_MS, toMs: NOW_MS },
    clock,
  });
  expect(day?.requests).toBe(services[0]?.requests.total);
  expect(day?.usd).toBeCloseTo(services[0]?.cost.allocatedUsd ?? -1, 9);
  expect(day?.queueSampled).toBeGreaterThan(200);
});

test('a week of days makes one forecast a day, of the seven days from tomorrow on', async () => {
  const past = Array.from({ length: 29 }, (_, n): EntryOf<'day'> => ({
    v: 1,
    kind: 'day',
    atMs: NOW_MS,
    service: 'chat',
    fromMs: NOW_MS - (n + 2) * DAY_MS,
    toMs: NOW_MS - (n + 1) * DAY_MS,
    requests: 1_000,
    usd: 50,
    queueP90Ms: null,
    queueSampled: 0,
    simulated: false,
  }));
  const logbook = memoryLogbook([...past]);
  const sources = sourcesOf(disciplinedWorld(NOW_MS), clock);
  await keepDays(sources, logbook);
  await keepDays(sources, logbook);
  const [forecast, ...others] = entriesOf(await logbook.entries(), 'forecast');
  expect(others).toEqual([]);
  expect(forecast).toMatchObject({ fromMs: NOW_MS + DAY_MS, toMs: NOW_MS + 8 * DAY_MS });
  expect(forecast?.requests).toBeGreaterThan(6_900);
});
