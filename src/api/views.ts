import { z } from 'zod';
import { serviceConfig } from '../config/schema.ts';
import { engineDialect } from '../records/request-record.ts';

const unknownable = z.number().nullable();

/** An engine as one service uses it. */
const serviceEngine = z.object({
  engine: z.string(),
  dialect: engineDialect,
  /** Model name this engine is asked for; null: the one that the client asked. */
  model: z.string().nullable(),
  weight: z.number(),
  /** Only tried when the others failed; its weight is 0. */
  fallback: z.boolean(),
  simulated: z.boolean(),
  costBasis: z.enum(['api', 'rented', 'owned']).nullable(),
  accelerator: z.string().nullable(),
  acceleratorCount: z.int().nullable(),
});

/** A service as configured, with the engines behind its route. */
export const serviceView = z.object({
  name: z.string(),
  owner: z.string(),
  feature: z.string().nullable(),
  models: z.array(z.string()),
  slo: serviceConfig.shape.slo.unwrap(),
  route: z.string(),
  engines: z.array(serviceEngine),
  /** How many of its engines are simulated. */
  simulated: z.enum(['none', 'some', 'all']),
});
export type ServiceView = z.infer<typeof serviceView>;
export const serviceList = z.object({ services: z.array(serviceView) });

/**
 * Use of one engine over a window; shares are time-weighted means, null where never known. An engine
 * that is configured but was never sampled has sampledMs 0 and nulls.
 */
export const engineUseView = z.object({
  engine: z.string(),
  window: z.object({ fromMs: z.number(), toMs: z.number() }),
  sampledMs: z.number(),
  upMs: z.number(),
  acceleratorSeconds: unknownable,
  busyShare: unknownable,
  runningMean: unknownable,
  waitingMean: unknownable,
  batchLimit: unknownable,
  kvUsageShare: unknownable,
  preemptions: unknownable,
  energyWh: unknownable,
  simulated: z.boolean(),
});
export const engineList = z.object({
  fromMs: z.number(),
  toMs: z.number(),
  engines: z.array(engineUseView),
});

/** Ages and lags are milliseconds and bytes; every loss is counted. */
export const ledgerHealthView = z.object({
  recordsTotal: z.number(),
  bufferRows: z.number(),
  segments: z.number(),
  segmentBytes: z.number(),
  journalLagBytes: z.number(),
  newestRecordMs: unknownable,
  lostRecords: z.number(),
  corruptFrames: z.number(),
  duplicateRecords: z.number(),
  diskFull: z.boolean(),
  lastError: z.string().nullable(),
});

/** A gateway worker; its figures are null when it is down or did not answer. */
const workerView = z.object({
  worker: z.string(),
  pid: z.int().nullable(),
  up: z.boolean(),
  startedAtMs: unknownable,
  restarts: z.int(),
  inFlight: unknownable,
  queueDepth: unknownable,
  journalLost: unknownable,
  journalPendingBytes: unknownable,
  rssBytes: unknownable,
  cpuSeconds: unknownable,
});

/** `degraded`: something in `problems` needs a person. The status code is 200 either way. */
export const health = z.object({
  status: z.enum(['ok', 'degraded']),
  problems: z.array(z.string()),
  version: z.string(),
  nowMs: z.number(),
  startedAtMs: z.number(),
  /** Null when the ledger cannot be asked. */
  ledger: ledgerHealthView.nullable(),
  workers: z.array(workerView),
});
export type Health = z.infer<typeof health>;
