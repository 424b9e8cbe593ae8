import fc from 'fast-check';
import { expect, it } from 'vitest';
import { configSchema } from '../../config/schema.ts';
import { outcome } from '../../records/request-record.ts';
import { answers as answersSchema } from './answers.ts';
import { computeAnswers } from './compute-answers.ts';
import { testingLedger, testingUse } from './testing-ledger.ts';

const hardware = { accelerator: 'h100-sxm', model: 'llama-3.1-8b' };
const config = configSchema.parse({
  services: [
    { name: 'a', owner: 'x', models: ['a'], route: 'r', slo: { e2eMs: { p95: 500 } } },
    { name: 'b', owner: 'y', models: ['b'], route: 'r' },
  ],
  routes: [{ name: 'r', engines: [{ engine: 'one' }, { engine: 'two' }], fallback: ['api'] }],
  engines: [
    { name: 'one', simulated: {}, hardware, cost: { basis: 'rented', usdPerAcceleratorHour: 3 } },
    { name: 'two', url: 'http://127.0.0.1:1/v1', hardware },
    { name: 'api', url: 'https://api.openai.com/v1', cost: { basis: 'api' } },
  ],
});

const positive = (max: number): fc.Arbitrary<number> => fc.double({ min: 0, max, noNaN: true });
const maybe = (max: number): fc.Arbitrary<number | null> => fc.option(positive(max));
const request = fc.record({
  service: fc.constantFrom('a', 'b', 'gone'),
  engine: fc.constantFrom('one', 'two', 'api', 'gone', null),
  model: fc.constantFrom('gpt-5.4', 'llama-3.1-8b'),
  status: fc.constantFrom(200, 400, 429, 499, 502, 504),
  outcome: fc.constantFrom(...outcome.options),
  tenant: fc.constantFrom('t', 'u'),
  e2eMs: positive(10_000),
  ttftMs: maybe(5000),
  tpotMs: maybe(100),
  queueMs: positive(5000),
  gatewayMs: positive(50),
  retryMs: positive(5000),
  engineQueueMs: maybe(5000),
  prefillMs: maybe(5000),
  decodeMs: maybe(5000),
  tokensIn: maybe(10_000),
  tokensOut: maybe(1000),
  usageUsd: maybe(0.02),
  acceleratorSeconds: maybe(20),
  energyWh: maybe(1),
  simulated: fc.boolean(),
});
const use = fc
  .record({
    engine: fc.constantFrom('one', 'two'),
    upMs: fc.integer({ min: 0, max: 3_600_000 }),
    busyShare: maybe(1),
    acceleratorSeconds: maybe(7200),
    batchLimit: fc.option(fc.constantFrom(0, 256)),
    waitingMean: maybe(10),
  })
  .map((some) => testingUse(some));

const clock = { wallMs: () => 3_600_000, monoMs: () => 0 };
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

it('keeps its invariants on any ledger', async () => {
  const ledger = fc.record({
    requests: fc.array(request, { maxLength: 150 }),
    uses: fc.uniqueArray(use, { selector: (one) => one.engine }),
    repeat: fc.constantFrom(1, 4),
  });
  await fc.assert(
    fc.asyncProperty(ledger, async ({ requests, uses, repeat }) => {
      const all = Array.from({ length: repeat }, () => requests).flat();
      const answers = await computeAnswers({
        ledger: testingLedger(all, uses),
        config,
        window: { fromMs: 0, toMs: 3_600_000 },
        by: 'tenant',
        clock,
      });
      // The schema refuses NaN and infinities.
      answersSchema.parse(answers);
      for (const one of answers.services) {
        const { cost, tail, utilization, requests: counts } = one;
        if (tail.causes.length > 0) expect(sum(tail.causes.map((c) => c.share))).toBeCloseTo(1, 9);
        expect(sum(utilization.causes.map((c) => c.share))).toBeCloseTo(1, 9);
        const parts = [counts.succeeded, counts.failed, counts.rejected, counts.aborted];
        expect(sum(parts)).toBe(counts.total);
        if (cost.idleUsd !== null) expect(cost.idleUsd).toBeGreaterThanOrEqual(-1e-12);
        expect(one.redFlags.length > 0 === (one.verdict === 'red-flag')).toBe(true);
      }
      const flagged = answers.services.some((one) => one.redFlags.length > 0);
      expect(answers.exitCode === 3).toBe(flagged);
    }),
    { numRuns: 150 },
  );
});

it('does not depend on the order of the records', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 100 }), async (requests) => {
      const ask = (all: typeof requests) =>
        computeAnswers({
          ledger: testingLedger(all, [testingUse({ engine: 'one' })]),
          config,
          window: { fromMs: 0, toMs: 3_600_000 },
          clock,
        });
      const [forth, back] = await Promise.all([ask(requests), ask(requests.toReversed())]);
      expect(back.services.map((one) => one.latency)).toEqual(
        forth.services.map((one) => one.latency),
      );
      expect(back.exitCode).toBe(forth.exitCode);
    }),
    { numRuns: 50 },
  );
});
