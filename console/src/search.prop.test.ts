import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseOverviewSearch, parseRequestsSearch, requestsAsk } from './search.ts';

const NAMES = [
  'since',
  'fromMs',
  'toMs',
  'service',
  'engine',
  'model',
  'tenant',
  'feature',
  'outcome',
  'minE2eMs',
  'sort',
  'order',
  'offset',
  'by',
  'metric',
];
const hostile = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.oneof(fc.anything(), fc.double(), fc.string(), fc.constantFrom('1h', '7d', 'e2e', 'asc', '5')),
);

describe('search', () => {
  test('whatever the address says, what comes out is stable and askable', () => {
    fc.assert(
      fc.property(hostile, (raw) => {
        const once = parseRequestsSearch(raw);
        expect(parseRequestsSearch({ ...once })).toEqual(once);
        const overview = parseOverviewSearch(raw);
        expect(parseOverviewSearch({ ...overview })).toEqual(overview);
        const ask = requestsAsk(once);
        // The API takes either a duration or both ends, never a mix.
        expect((ask.since === undefined) === (ask.fromMs !== undefined)).toBe(true);
        expect((ask.fromMs === undefined) === (ask.toMs === undefined)).toBe(true);
        expect(Number.isInteger(ask.offset)).toBe(true);
      }),
    );
  });

  test('defaults stay out of the address', () => {
    expect(
      parseRequestsSearch({ since: '1h', sort: 'startedAt', order: 'desc', offset: 0 }),
    ).toEqual({});
    expect(parseOverviewSearch({ since: '1h', by: 'feature', metric: 'e2e' })).toEqual({});
  });

  test('labels that look like numbers stay labels', () => {
    expect(parseRequestsSearch({ tenant: 42, minE2eMs: '500' })).toEqual({
      tenant: '42',
      minE2eMs: 500,
    });
  });

  test('half a range is none', () => {
    expect(parseRequestsSearch({ fromMs: 5, since: '7d' })).toEqual({ since: '7d' });
    expect(parseRequestsSearch({ fromMs: 5, toMs: 9, since: '7d' })).toEqual({
      fromMs: 5,
      toMs: 9,
    });
  });
});
