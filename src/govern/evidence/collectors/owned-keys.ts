import { percent, serviceCollector } from '../collector.ts';

/** The window is sampled in so many slices, each with its newest requests. */
const SLICES = 10;
const SLICE_REQUESTS = 50;

/** Share of requests that came with a key of an owner; a sample, since only raw records have the key. */
export const ownedKeys = serviceCollector(
  { id: 'owned-keys', source: 'ledger', query: '/api/v1/requests?since=30d', combine: 'least' },
  async (facts, window, service) => {
    const sliceMs = (window.toMs - window.fromMs) / SLICES;
    let seen = 0;
    let owned = 0;
    let simulated = false;
    for (let slice = 0; slice < SLICES; slice += 1) {
      const fromMs = window.fromMs + slice * sliceMs;
      const { records } = await facts.sources.ledger.requests({
        window: { fromMs, toMs: fromMs + sliceMs },
        service: service.name,
        sort: 'startedAt',
        descending: true,
        limit: SLICE_REQUESTS,
        offset: 0,
      });
      for (const record of records.filter((one) => one.outcome !== 'rejected')) {
        seen += 1;
        if (record.keyId !== null) owned += 1;
        simulated ||= record.simulated;
      }
    }
    if (seen === 0) return null;
    return {
      value: owned / seen,
      coverage: await facts.coverage(window),
      simulated,
      statement: `${percent(owned / seen)} of ${seen} sampled requests came with a key of an owner.`,
    };
  },
);
