import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  clientDialect,
  engineDialect,
  outcome,
  requestRecord,
  usageSource,
  type RequestRecord,
} from '../../records/request-record.ts';
import { basis } from '../../records/basis.ts';
import { openLedger } from './open-ledger.ts';
import { startMs, testState } from './testing-state.ts';

const orNull = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(of, { nil: null });
// Any text that is text: half a surrogate pair is not, see rule L8.
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }).map((one) => one.toWellFormed()),
  fc.constantFrom('', 'null', '2020-01-01', '1e5', '\u0000', '"', '\\ud800', "'; --", '{"a":1}'),
);
const name = orNull(text);
// JSON has no negative zero: it is zero when it comes back.
const amount = fc
  .oneof(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), fc.nat())
  .map((one) => one + 0);
const count = orNull(fc.maxSafeNat());
const maybe = orNull(amount);

const record: fc.Arbitrary<RequestRecord> = fc.record({
  v: fc.constant(1 as const),
  id: fc.uuid({ version: 7 }),
  startedAtMs: fc.double({ min: startMs, max: startMs + 7_200_000, noNaN: true }),
  endedAtMs: amount,
  service: name,
  route: name,
  engine: name,
  modelAsked: name,
  modelServed: name,
  keyId: name,
  tenant: name,
  feature: name,
  promptVersion: name,
  dialectIn: fc.constantFrom(...clientDialect.options),
  dialectOut: orNull(fc.constantFrom(...engineDialect.options)),
  stream: fc.boolean(),
  outcome: fc.constantFrom(...outcome.options),
  status: fc.integer({ min: 100, max: 599 }),
  errorCode: name,
  attempts: fc.array(
    fc.record({
      engine: text,
      status: orNull(fc.integer({ min: 100, max: 599 })),
      durationMs: amount,
      errorCode: name,
    }),
    { maxLength: 4 },
  ),
  latency: fc.record({
    e2eMs: amount,
    queueMs: amount,
    gatewayMs: amount,
    retryMs: amount,
    ttftMs: maybe,
    tpotMeanMs: maybe,
    tpotMaxMs: maybe,
    engineQueueMs: maybe,
    prefillMs: maybe,
    decodeMs: maybe,
  }),
  tokens: fc.record({
    in: count,
    cachedIn: count,
    cacheWrite: count,
    out: count,
    reasoning: count,
  }),
  usageSource: fc.constantFrom(...usageSource.options),
  cost: fc.record({
    kind: fc.constantFrom('api', 'rented', 'owned', 'unknown'),
    usageUsd: maybe,
    acceleratorSeconds: maybe,
    basis: fc.constantFrom(...basis.options),
  }),
  energy: fc.record({ energyWh: maybe, basis: fc.constantFrom(...basis.options) }),
  cache: fc.constantFrom('off', 'miss', 'hit'),
  simulated: fc.boolean(),
  content: orNull(fc.record({ prompt: name, output: name, truncated: fc.boolean() })),
});

test('L10: any record comes back as it went in, from buffer, segment and page', async () => {
  const batch = fc.uniqueArray(record, { minLength: 1, maxLength: 30, selector: ({ id }) => id });
  await fc.assert(
    fc.asyncProperty(batch, async (records) => {
      for (const one of records) expect(requestRecord.safeParse(one).success).toBe(true);
      const of = testState();
      await of.journal(records);
      const ledger = await openLedger(of);
      try {
        for (const one of records) expect(await ledger.request(one.id)).toEqual(one);
        await ledger.maintain({ force: true });
        for (const one of records) expect(await ledger.request(one.id)).toEqual(one);
        const window = { fromMs: startMs, toMs: startMs + 7_200_001 };
        const page = { sort: 'e2e', descending: true, limit: 100, offset: 0 } as const;
        const { records: found } = await ledger.requests({ window, ...page });
        const byId = (a: RequestRecord, b: RequestRecord): number => (a.id < b.id ? -1 : 1);
        expect(found.toSorted(byId)).toEqual(records.toSorted(byId));
        const health = await ledger.health();
        expect([health.corruptFrames, health.duplicateRecords]).toEqual([0, 0]);
      } finally {
        await ledger.close();
        of.remove();
      }
    }),
    { numRuns: 15 },
  );
});
