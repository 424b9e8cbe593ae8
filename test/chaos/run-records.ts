import { createSyntheticRecords } from '../../bench/synthetic-records.ts';
import type { RequestRecord } from '../../src/records/request-record.ts';

/** The records that a run of a writer appends, in order; the seed of the run is all that they need. */
export const runRecords = (seed: number): (() => RequestRecord) =>
  createSyntheticRecords({
    seed,
    fromMs: 1_800_000_000_000 + (seed % 600) * 1000,
    stepMs: 1,
    models: 3,
    tenants: 20,
    features: 3,
  });
