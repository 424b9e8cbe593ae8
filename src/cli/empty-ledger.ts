import type { LedgerReader } from '../measure/ledger/ledger.ts';

/** The ledger of a team that has no data here: it holds nothing, and says so. */
export function emptyLedger(): LedgerReader {
  return {
    cells: async () => [],
    series: async () => [],
    engineUse: async () => [],
    requests: async () => ({ records: [], total: 0 }),
    request: async () => null,
    exportParquet: async () => 0,
    health: async () => ({
      recordsTotal: 0,
      bufferRows: 0,
      segments: 0,
      segmentBytes: 0,
      journalLagBytes: 0,
      newestRecordMs: null,
      lostRecords: 0,
      corruptFrames: 0,
      duplicateRecords: 0,
      diskFull: false,
      lastError: null,
    }),
    close: async () => undefined,
  };
}
