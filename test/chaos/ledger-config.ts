import { configSchema, type Config } from '../../src/config/schema.ts';

/** Seals every few hundred rows, so that a kill hits a seal often. Nothing is too old to be kept. */
export const chaosLedgerConfig: Config['ledger'] = {
  ...configSchema.shape.ledger.parse(undefined),
  segmentRows: 700,
  memoryMiB: 256,
  retention: { recordsDays: 36_500, minutesDays: 36_500, hoursDays: 36_500 },
};
