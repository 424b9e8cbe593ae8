import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openGovernance } from '../../src/api/open-governance.ts';
import { configSchema, type Config } from '../../src/config/schema.ts';
import type { Governance } from '../../src/govern/governance.ts';
import { computeAnswers } from '../../src/measure/answers/compute-answers.ts';
import { openJournal } from '../../src/measure/journal/writer.ts';
import type { Ledger } from '../../src/measure/ledger/ledger.ts';
import { openLedger } from '../../src/measure/ledger/open-ledger.ts';
import type { RequestRecord } from '../../src/records/request-record.ts';
import { testingRecord } from '../../src/records/testing-record.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START_MS = 1_800_000_000_000;
const PER_HOUR = 62;
const MODEL = 'llama-3.1-8b';

const dir = mkdtempSync(join(tmpdir(), 'tailrace-score-'));
const clock = { nowMs: START_MS, wallMs: () => clock.nowMs, monoMs: () => 0 };
const config: Config = configSchema.parse({
  services: [
    {
      name: 'chat',
      owner: 'ada',
      models: [MODEL],
      route: 'chat',
      slo: { e2eMs: { p95: 1000 }, availability: 0.99 },
    },
  ],
  routes: [{ name: 'chat', engines: [{ engine: 'a' }], fallback: ['b'] }],
  engines: ['a', 'b'].map((name) => ({
    name,
    url: 'http://127.0.0.1:9/v1',
    hardware: { accelerator: 'h100-sxm', count: 1, model: MODEL },
    cost: { basis: 'rented', usdPerAcceleratorHour: 2 },
  })),
});
let ledger: Ledger;
let governance: Governance;

beforeAll(async () => {
  ledger = await openLedger({ dir, config: config.ledger, clock });
  governance = await openGovernance({
    stateDir: dir,
    ledger,
    config: () => config,
    clock,
    computeAnswers,
    keys: { list: () => [] },
  });
});
afterAll(async () => {
  await governance.close();
  await ledger.close();
  rmSync(dir, { recursive: true, force: true });
});

const recordAt = (startedAtMs: number, i: number, e2eMs: number): RequestRecord => {
  const base = testingRecord({ startedAtMs });
  return {
    ...base,
    endedAtMs: startedAtMs + e2eMs,
    service: 'chat',
    route: 'chat',
    engine: 'a',
    modelAsked: MODEL,
    modelServed: MODEL,
    keyId: 'k1',
    outcome: 'success',
    status: 200,
    latency: { ...base.latency, e2eMs, ttftMs: e2eMs / 5, tpotMeanMs: 5 + (i % 7) },
    tokens: { in: 100, cachedIn: 0, cacheWrite: 0, out: 50, reasoning: 0 },
    cost: { kind: 'rented', usageUsd: 0.0001, acceleratorSeconds: 0.18, basis: 'modelled' },
    energy: { energyWh: 0.1, basis: 'measured' },
    simulated: false,
  };
};

/** One day through the journal, as a worker writes it, with the engines' samples. */
async function liveDay(day: number, e2eMs: number): Promise<void> {
  const fromMs = START_MS + day * DAY_MS;
  const journal = openJournal({
    dir: join(dir, 'journal'),
    worker: 'w0',
    config: { ...config.journal, fsync: 'never' },
    clock: { wallMs: () => fromMs, monoMs: () => 0 },
  });
  const count = 24 * PER_HOUR;
  for (let i = 0; i < count; i += 1) {
    journal.append(recordAt(fromMs + (i * DAY_MS) / count, i, e2eMs + (i % 100)));
  }
  await journal.flush();
  await journal.close();
  clock.nowMs = fromMs + DAY_MS;
  expect(await ledger.ingest()).toBe(count);
  for (let hour = 0; hour < 24; hour += 1) {
    await ledger.addSamples(
      ['a', 'b'].map((engine) => ({
        engine,
        fromMs: fromMs + hour * HOUR_MS,
        toMs: fromMs + (hour + 1) * HOUR_MS,
        up: true,
        acceleratorSeconds: 3600,
        busyShare: 0.95,
        runningMean: 100,
        waitingMean: 0,
        batchLimit: 128,
        kvUsageShare: 0.5,
        preemptions: 0,
        energyWh: 500,
        basis: 'measured' as const,
        simulated: false,
      })),
    );
  }
}

test('thirty days score themselves: nothing at first, then by what is measured, and down with what breaks', async () => {
  const gradeOf = async (condition: string): Promise<number | undefined> =>
    (await governance.score(null)).categories
      .flatMap((one) => one.conditions)
      .find((one) => one.id === condition)?.grade;

  expect((await governance.score(null)).proven).toBe(0);
  for (let day = 0; day < 5; day += 1) await liveDay(day, 400);
  // Five days of thirty are a claim, and say so.
  expect(await gradeOf('serving.attainment')).toBe(1);
  for (let day = 5; day < 30; day += 1) {
    await liveDay(day, 400);
    if (day % 5 === 4) await governance.collect();
  }
  const score = await governance.score(null);
  const { categories, trend } = score;
  const serving = categories.find((one) => one.id === 'serving');
  expect(serving).toMatchObject({ proven: 1, simulated: 1 });
  expect(score.proven).toBeGreaterThan(0);
  expect(trend.at(0)?.proven).toBe(0);
  expect(trend.at(-1)?.proven).toBe(score.proven);
  for (const one of categories.flatMap((category) => category.conditions)) {
    if (one.state !== 'met') continue;
    const [best] = one.evidence;
    expect(best).toMatchObject({ gradeNow: 3, holds: true });
    expect((await governance.evidence.get(best?.id ?? ''))?.item.condition).toBe(one.id);
  }

  // Four bad days: 4 of 30 are more than 5 % of the hours.
  for (let day = 30; day < 34; day += 1) await liveDay(day, 5000);
  const broken = await governance.score(null);
  expect(broken.categories.find((one) => one.id === 'serving')?.proven).toBe(0);
  expect(broken.moves[0]).toMatchObject({ category: 'serving', from: 1, to: 0 });
  const { actions } = await governance.roadmap({ service: null, role: null });
  expect(actions.find((one) => one.id === 'serving.attainment')?.state).toMatch(/open/);
}, 300_000);
