import { describe, expect, it } from 'vitest';
import { configSchema } from '../../config/schema.ts';
import { computeAnswers } from '../../measure/answers/compute-answers.ts';
import { testingLedger } from '../../measure/answers/testing-ledger.ts';
import { systemClock } from '../../records/clock.ts';
import { newId } from '../../records/ids.ts';
import type { RequestRecord } from '../../records/request-record.ts';
import type { DriveResult } from './drive.ts';
import type { ControlApi } from './ledger-records.ts';
import { reconcile, type Check, type Reconciliation } from './reconcile.ts';
import { createTally, type Tally } from './tally.ts';

const START_MS = Date.UTC(2026, 0, 31, 12, 0, 30);
const run: DriveResult = {
  stopped: 'end',
  startedAtMs: START_MS,
  endedAtMs: START_MS + 90_000,
  askedMs: 90_000,
  arrivalMs: 90_000,
  totalMs: 90_000,
};

const config = configSchema.parse({
  services: [{ name: 'chat', owner: 'ann', models: ['m'], route: 'r' }],
  routes: [{ name: 'r', engines: [{ engine: 'e' }] }],
  engines: [{ name: 'e', url: 'http://127.0.0.1:9/v1' }],
});

function record(index: number, changes: Partial<RequestRecord> = {}): RequestRecord {
  const e2eMs = 100 + index;
  return {
    v: 1,
    id: newId(START_MS + index),
    startedAtMs: START_MS + index,
    endedAtMs: START_MS + index + e2eMs,
    service: 'chat',
    route: 'r',
    engine: 'e',
    modelAsked: 'm',
    modelServed: 'm',
    keyId: null,
    tenant: null,
    feature: null,
    promptVersion: null,
    dialectIn: 'openai-chat',
    dialectOut: 'openai',
    stream: true,
    outcome: 'success',
    status: 200,
    errorCode: null,
    attempts: [],
    latency: {
      e2eMs,
      queueMs: 0,
      gatewayMs: 1,
      retryMs: 0,
      ttftMs: 10 + index / 10,
      tpotMeanMs: 1 + index / 100,
      tpotMaxMs: null,
      engineQueueMs: null,
      prefillMs: null,
      decodeMs: null,
    },
    tokens: { in: 50 + index, cachedIn: null, cacheWrite: null, out: 10, reasoning: null },
    usageSource: 'engine',
    cost: { kind: 'unknown', usageUsd: null, acceleratorSeconds: null, basis: 'unknown' },
    energy: { energyWh: null, basis: 'unknown' },
    cache: 'off',
    simulated: false,
    content: null,
    ...changes,
  };
}

/** The control API over records in memory: real answers, pages as the API cuts them. */
function apiOver(records: readonly RequestRecord[], answered = records): ControlApi {
  const ledger = testingLedger(
    answered.map((one) => ({
      engine: one.engine,
      status: one.status,
      e2eMs: one.latency.e2eMs,
      ttftMs: one.latency.ttftMs,
      tpotMs: one.latency.tpotMeanMs,
    })),
  );
  return {
    async getJson(path) {
      const url = new URL(path, 'http://x');
      const window = {
        fromMs: Number(url.searchParams.get('fromMs')),
        toMs: Number(url.searchParams.get('toMs')),
      };
      if (url.pathname === '/api/v1/answers') {
        return computeAnswers({ ledger, config, window, service: 'chat', clock: systemClock });
      }
      const offset = Number(url.searchParams.get('offset'));
      const limit = Number(url.searchParams.get('limit'));
      return { total: records.length, records: records.slice(offset, offset + limit) };
    },
  };
}

/** A client that saw what the records say. */
function tallyOf(records: readonly RequestRecord[]): Tally {
  const tally = createTally();
  for (const one of records) {
    tally.sent += 1;
    tally.add({
      failure: one.outcome === 'success' ? null : 'http_502',
      status: one.status,
      requestId: one.id,
      simulated: false,
      lateMs: 0,
      ttftMs: one.latency.ttftMs,
      tpotMs: one.latency.tpotMeanMs,
      e2eMs: one.latency.e2eMs,
      askedInputTokens: one.tokens.in ?? 0,
      askedOutputTokens: one.tokens.out ?? 0,
      inputTokens: one.tokens.in,
      outputTokens: one.tokens.out,
    });
  }
  return tally;
}

const compare = (tally: Tally, api: ControlApi): Promise<Reconciliation> =>
  reconcile({ tally, run, api, engineWork: null, clock: systemClock });

const differing = ({ checks }: Reconciliation): string[] =>
  checks.filter((check: Check) => !check.agree).map((check) => check.what);

const records = [
  ...Array.from({ length: 1200 }, (_, i) => record(i)),
  record(1200, { outcome: 'upstream_error', status: 502 }),
];

describe('reconciliation', () => {
  it('agrees line by line when the ledger holds what the client saw', async () => {
    const result = await compare(tallyOf(records), apiOver(records));
    expect(result.reason).toBeNull();
    expect(differing(result)).toEqual([]);
    // Two of trace and replies, five of records, one count and nine percentiles of the answers.
    expect(result.checks).toHaveLength(2 + 5 + 1 + 9);
    const byWhat = new Map(result.checks.map((check) => [check.what, check]));
    expect(byWhat.get('requests')?.ours).toBe(1201);
    expect(byWhat.get('requests succeeded')?.theirs).toBe(1200);
    // Rank ceil(0.99 x 1200) = 1188 of 100, 101, ...
    expect(byWhat.get('chat: e2e p99 ms')?.ours).toBe(1287);
  });

  it('leaves out what strangers did in the same window', async () => {
    const stranger = record(5000, { latency: { ...record(0).latency, e2eMs: 9 } });
    const result = await compare(tallyOf(records), apiOver([...records, stranger]));
    expect(differing(result)).toEqual([]);
  });

  it('finds a record written twice', async () => {
    const twice = [...records, ...records.slice(0, 1)];
    const result = await compare(tallyOf(records), apiOver(twice));
    expect(differing(result)).toEqual(['records per request']);
  });

  it('finds tokens that differ', async () => {
    const [first] = records;
    const changed = records.map((one) =>
      one === first ? { ...one, tokens: { ...one.tokens, out: 11 } } : one,
    );
    expect(differing(await compare(tallyOf(records), apiOver(changed)))).toEqual(['output tokens']);
  });

  it('takes unknown tokens of the ledger for a difference, never for zero', async () => {
    const changed = records.map((one, i) =>
      i === 3 ? { ...one, tokens: { ...one.tokens, in: null } } : one,
    );
    const result = await compare(tallyOf(records), apiOver(changed));
    expect(differing(result)).toEqual(['prompt tokens']);
  });

  it('finds percentiles that are off by more than 1 %', async () => {
    const slower = records.map((one) => ({
      ...one,
      latency: { ...one.latency, e2eMs: one.latency.e2eMs * 1.02 },
    }));
    const result = await compare(tallyOf(records), apiOver(records, slower));
    expect(differing(result)).toEqual(['p50', 'p95', 'p99'].map((name) => `chat: e2e ${name} ms`));
  });

  it('says why nothing was compared', async () => {
    const without = await reconcile({
      tally: tallyOf(records),
      run,
      api: null,
      engineWork: null,
      clock: systemClock,
    });
    expect(without.reason).toContain('no instance');
  });

  it('differs when the ledger cannot be read', async () => {
    const broken: ControlApi = { getJson: () => Promise.reject(new Error('gone')) };
    const result = await compare(tallyOf(records), broken);
    expect(result.reason).toContain('gone');
    expect(differing(result)).toEqual(['ledger can be read']);
  });

  it('compares with the engines, who must have done the same work', async () => {
    const tally = tallyOf(records.slice(0, 1200));
    const work = { succeeded: 1200, promptTokens: tally.tokens.in, outputTokens: 12_001 };
    const result = await reconcile({
      tally,
      run,
      api: null,
      engineWork: work,
      clock: systemClock,
    });
    expect(differing(result)).toEqual(['output tokens']);
  });
});

it('finds a missing record, after having waited for it', async () => {
  // A clock that leaps: the wait for the ledger is over at the second look.
  let nowMs = 0;
  const clock = { wallMs: () => START_MS, monoMs: () => (nowMs += 60_000) };
  const options = { run, api: apiOver(records.slice(1)), engineWork: null, clock };
  const result = await reconcile({ tally: tallyOf(records), ...options });
  expect(differing(result)).toContain('requests');
});
