import type { EngineSample } from '../../records/engine-sample.ts';
import type { Outcome, RequestRecord } from '../../records/request-record.ts';
import type { Sketch } from '../sketch/sketch.ts';

/** Half-open interval of wall time, Unix milliseconds. */
export interface Window {
  fromMs: number;
  toMs: number;
}

/** The rolled-up groupings; any other grouping reads raw records. */
export type Grouping = 'engine-model-status' | 'feature' | 'tenant';

/** A sum whose parts may be unknown: `known` adds those that are known, `unknown` counts the rest. */
export interface PartialSum {
  sum: number;
  unknownCount: number;
}

/** One slow request kept beside a rollup cell, enough to say where its time went (milliseconds). */
export interface Exemplar {
  id: string;
  e2eMs: number;
  ttftMs: number | null;
  queueMs: number;
  gatewayMs: number;
  retryMs: number;
  engineQueueMs: number | null;
  prefillMs: number | null;
  decodeMs: number | null;
}

/** Merged facts of the requests of one group over one window. Sketch values are milliseconds. */
export interface Cell {
  service: string;
  /** Null where the grouping does not split by it, or the record had none. */
  engine: string | null;
  model: string | null;
  status: number | null;
  feature: string | null;
  /** `other` beyond the configured top N tenants. */
  tenant: string | null;
  requests: number;
  outcomes: Partial<Record<Outcome, number>>;
  retriedRequests: number;
  simulatedRequests: number;
  estimatedUsageRequests: number;
  tokensIn: PartialSum;
  tokensCachedIn: PartialSum;
  tokensOut: PartialSum;
  usageUsd: PartialSum;
  acceleratorSeconds: PartialSum;
  energyWh: PartialSum;
  ttft: Sketch;
  tpot: Sketch;
  e2e: Sketch;
  /** The slowest by e2e, slowest first: at most 8 of an unsealed minute, a tenth and at most 8 of a sealed one, 16 of a longer block. */
  slowest: Exemplar[];
}

/** Engine samples merged over a window; shares are time-weighted means, null where never known. */
export interface EngineUse {
  engine: string;
  window: Window;
  sampledMs: number;
  upMs: number;
  acceleratorSeconds: number | null;
  busyShare: number | null;
  runningMean: number | null;
  waitingMean: number | null;
  batchLimit: number | null;
  kvUsageShare: number | null;
  preemptions: number | null;
  energyWh: number | null;
  simulated: boolean;
}

export interface RequestQuery {
  window: Window;
  service?: string;
  engine?: string;
  model?: string;
  tenant?: string;
  feature?: string;
  outcome?: Outcome;
  minE2eMs?: number;
  sort: 'startedAt' | 'e2e' | 'ttft' | 'cost' | 'tokensOut';
  descending: boolean;
  limit: number;
  offset: number;
}

/** How well the ledger keeps up. Ages and lags are milliseconds; every loss is counted here. */
export interface LedgerHealth {
  recordsTotal: number;
  bufferRows: number;
  segments: number;
  segmentBytes: number;
  journalLagBytes: number;
  newestRecordMs: number | null;
  lostRecords: number;
  corruptFrames: number;
  duplicateRecords: number;
  diskFull: boolean;
  lastError: string | null;
}

/** Read side of the ledger: what answers, the API and the command line ask. */
export interface LedgerReader {
  /** One cell per group over the whole window. */
  cells(query: { window: Window; by: Grouping; service?: string }): Promise<Cell[]>;
  /** Cells per step of time, oldest first; step is rounded up to whole minutes and begins at multiples of it. */
  series(query: {
    window: Window;
    by: Grouping;
    service?: string;
    stepMs: number;
  }): Promise<Array<{ window: Window; cells: Cell[] }>>;
  engineUse(window: Window): Promise<EngineUse[]>;
  requests(query: RequestQuery): Promise<{ records: RequestRecord[]; total: number }>;
  request(id: string): Promise<RequestRecord | null>;
  /** Writes the raw records of a window as one Parquet file; resolves to the row count. */
  exportParquet(window: Window, path: string): Promise<number>;
  health(): Promise<LedgerHealth>;
  close(): Promise<void>;
}

/** The whole ledger, owned by one process. */
export interface Ledger extends LedgerReader {
  /**
   * Reads what the journals have gained since the last call; resolves to the records taken in. `pause` is awaited between
   * batches of some dozen records, unless somebody waits for their end.
   */
  ingest(pause?: () => Promise<void>): Promise<number>;
  addSamples(samples: readonly EngineSample[]): Promise<void>;
  /** Moves the buffer into a Parquet segment if it is full (or `force`), and applies retention. */
  maintain(options?: { force?: boolean }): Promise<void>;
}
