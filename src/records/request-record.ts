import { z } from 'zod';
import { basis } from './basis.ts';

/** Wire dialects a client may speak to Tailrace (one per public endpoint). */
export const clientDialect = z.enum([
  'openai-chat',
  'openai-completions',
  'openai-embeddings',
  'anthropic-messages',
]);
export type ClientDialect = z.infer<typeof clientDialect>;

/** Wire dialects an engine may speak. */
export const engineDialect = z.enum(['openai', 'anthropic']);
export type EngineDialect = z.infer<typeof engineDialect>;

/**
 * How a request ended, from the client's side. `rejected`: refused before any engine was asked
 * (auth, limits, bad input). `upstream_error`: every attempt failed or the engine answered an error.
 * `engine_crash`: the engine died after the first byte. `shutdown`: the gateway was stopping.
 */
export const outcome = z.enum([
  'success',
  'rejected',
  'upstream_error',
  'engine_crash',
  'timeout',
  'client_abort',
  'shutdown',
]);
export type Outcome = z.infer<typeof outcome>;

/** One try at one engine. `status` is null when no HTTP status came back. */
export const attempt = z.strictObject({
  engine: z.string(),
  status: z.int().nullable(),
  durationMs: z.number().nonnegative(),
  errorCode: z.string().nullable(),
});
export type Attempt = z.infer<typeof attempt>;

/**
 * Where the time of a request went, in milliseconds on the gateway's monotonic clock.
 * e2eMs is from the last byte of the request head to the last byte handed to the client's socket.
 * ttftMs is from the same start to the first content byte of the reply (for a unary reply: its
 * first body byte); null when none came. TPOT is (last - first content) / (output tokens - 1) for
 * streams, null otherwise. queueMs is waiting inside Tailrace; retryMs is time spent in attempts
 * that failed; gatewayMs is e2e minus queue, retries and the winning attempt's upstream time.
 * engineQueueMs, prefillMs and decodeMs are the engine's own split, null when it does not report.
 */
export const latencySplit = z.strictObject({
  e2eMs: z.number().nonnegative(),
  queueMs: z.number().nonnegative(),
  gatewayMs: z.number().nonnegative(),
  retryMs: z.number().nonnegative(),
  ttftMs: z.number().nonnegative().nullable(),
  tpotMeanMs: z.number().nonnegative().nullable(),
  tpotMaxMs: z.number().nonnegative().nullable(),
  engineQueueMs: z.number().nonnegative().nullable(),
  prefillMs: z.number().nonnegative().nullable(),
  decodeMs: z.number().nonnegative().nullable(),
});
export type LatencySplit = z.infer<typeof latencySplit>;

/**
 * Tokens of a request. `in` counts the whole prompt and includes cachedIn and cacheWrite (the
 * OpenAI convention; Anthropic's exclusive counts are added up at the edge). `out` includes
 * reasoning. Null is unknown.
 */
export const tokenCounts = z.strictObject({
  in: z.int().nonnegative().nullable(),
  cachedIn: z.int().nonnegative().nullable(),
  cacheWrite: z.int().nonnegative().nullable(),
  out: z.int().nonnegative().nullable(),
  reasoning: z.int().nonnegative().nullable(),
});
export type TokenCounts = z.infer<typeof tokenCounts>;

/** `engine`: the engine's own report; `estimated`: counted here by a tokenizer; `unknown`: neither. */
export const usageSource = z.enum(['engine', 'estimated', 'unknown']);
export type UsageSource = z.infer<typeof usageSource>;

/**
 * Cost of one request. usageUsd is what its own work cost, without the idle time of a
 * fixed-cost engine (that is a property of a window, computed by measure/cost). For `rented` and
 * `owned` engines acceleratorSeconds is the share of accelerator time that this request used.
 */
export const requestCost = z.strictObject({
  kind: z.enum(['api', 'rented', 'owned', 'unknown']),
  usageUsd: z.number().nonnegative().nullable(),
  acceleratorSeconds: z.number().nonnegative().nullable(),
  basis,
});
export type RequestCost = z.infer<typeof requestCost>;

/** Energy of one request at the accelerator, watt-hours, without its share of idle power. */
export const requestEnergy = z.strictObject({
  energyWh: z.number().nonnegative().nullable(),
  basis,
});
export type RequestEnergy = z.infer<typeof requestEnergy>;

export const cacheState = z.enum(['off', 'miss', 'hit']);

/** Prompt and output of a request, only where the service opts in; already redacted and capped. */
export const storedContent = z.strictObject({
  prompt: z.string().nullable(),
  output: z.string().nullable(),
  truncated: z.boolean(),
});

/**
 * One settled request: immutable, self-contained, written once by the worker that served it.
 * The unit of the journal, the ledger and every answer.
 */
export const requestRecord = z.strictObject({
  v: z.literal(1),
  id: z.uuid(),
  startedAtMs: z.number(),
  endedAtMs: z.number(),
  service: z.string().nullable(),
  route: z.string().nullable(),
  engine: z.string().nullable(),
  modelAsked: z.string().nullable(),
  modelServed: z.string().nullable(),
  keyId: z.string().nullable(),
  tenant: z.string().nullable(),
  feature: z.string().nullable(),
  promptVersion: z.string().nullable(),
  dialectIn: clientDialect,
  dialectOut: engineDialect.nullable(),
  stream: z.boolean(),
  outcome,
  status: z.int(),
  errorCode: z.string().nullable(),
  attempts: z.array(attempt).max(32),
  latency: latencySplit,
  tokens: tokenCounts,
  usageSource,
  cost: requestCost,
  energy: requestEnergy,
  cache: cacheState,
  simulated: z.boolean(),
  content: storedContent.nullable(),
});
export type RequestRecord = z.infer<typeof requestRecord>;
