import { z } from 'zod';

const name = z.string().min(1).max(63);
const person = z.string().min(1).max(200);
const ms = z.number().nonnegative();
const usd = z.number().nonnegative();
const at = { v: z.literal(1), atMs: ms };
const span = { fromMs: ms, toMs: ms };

/** A plan that was computed: `fits` whether the site carries it, `traceRows` how much of a recorded trace went in. */
const planEntry = z.strictObject({
  ...at,
  kind: z.literal('plan'),
  plan: z.enum(['serve', 'search', 'double', 'facility', 'train']),
  fits: z.boolean().nullable(),
  traceRows: z.int().nonnegative().nullable(),
});

/** A load run against this instance; what came of it is in the ledger. `sentPerS`: requests a second. */
const loadEntry = z.strictObject({
  ...at,
  kind: z.literal('load'),
  ...span,
  sentPerS: z.number().nonnegative(),
});

/** A drill that somebody declared: what went wrong on purpose, when. What came of it is in the ledger. */
const drillEntry = z.strictObject({
  ...at,
  kind: z.literal('drill'),
  drill: z.enum(['engine-failure', 'slowdown']),
  service: name,
  /** The engine that was stopped or slowed. */
  engine: name,
  ...span,
  by: person,
});

/** An alert that was raised. `burnRate`: error budget spent, over what would just last (1). */
const alertEntry = z.strictObject({
  ...at,
  kind: z.literal('alert'),
  service: name,
  objective: z.enum(['availability', 'latency', 'budget', 'test']),
  burnRate: z.number().nonnegative(),
  message: z.string().max(500),
  /** Whether whoever is on call was told; null when the service has nobody to tell. */
  delivered: z.boolean().nullable(),
  simulated: z.boolean(),
});

/** What the release gate said. `p99` compares a candidate engine with the others of its route, milliseconds. */
const releaseEntry = z.strictObject({
  ...at,
  kind: z.literal('release'),
  service: name,
  candidate: name.nullable(),
  passed: z.boolean(),
  reasons: z.array(z.string().max(500)).max(16),
  budgetLeftShare: z.number().nullable(),
  p99: z.strictObject({ candidateMs: ms, othersMs: ms, worse: z.boolean() }).nullable(),
  by: person,
  simulated: z.boolean(),
});

/** The configuration in force became another. `services` are those that it touches. */
const changeEntry = z.strictObject({
  ...at,
  kind: z.literal('change'),
  digest: z.string().max(64),
  parts: z.array(z.string().max(100)).max(100),
  services: z.array(name).max(1_000),
});

/** What a UTC day of a service was. `queueP90Ms` over `queueSampled` requests. */
const dayEntry = z.strictObject({
  ...at,
  kind: z.literal('day'),
  service: name,
  ...span,
  requests: z.int().nonnegative(),
  usd: usd.nullable(),
  queueP90Ms: ms.nullable(),
  queueSampled: z.int().nonnegative(),
  simulated: z.boolean(),
});

/** What was expected of a service for a week, before it came. */
const forecastEntry = z.strictObject({
  ...at,
  kind: z.literal('forecast'),
  service: name,
  ...span,
  requests: z.number().nonnegative(),
  usd: usd.nullable(),
  simulated: z.boolean(),
});

/** A restore of the ledger that was tried. `agrees`: what was restored says the same as what was saved. */
const restoreEntry = z.strictObject({
  ...at,
  kind: z.literal('restore'),
  ...span,
  records: z.int().nonnegative(),
  agrees: z.boolean(),
  seconds: z.number().nonnegative(),
  simulated: z.boolean(),
});

/** An invoice, for a service over a time. `sha256` is that of its document. */
const invoiceEntry = z.strictObject({
  ...at,
  kind: z.literal('invoice'),
  service: name,
  ...span,
  usd,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  by: person,
});

/** What was learnt of an outage that the ledger shows. */
const reviewEntry = z.strictObject({
  ...at,
  kind: z.literal('review'),
  service: name,
  outageFromMs: ms,
  cause: z.string().min(1).max(500),
  changed: z.string().min(1).max(500),
  by: person,
});

/**
 * One line of the logbook: something that happened once and that evidence is later drawn from. Times are Unix
 * milliseconds, shares 0..1. docs/formats/logbook.md.
 */
export const logbookEntry = z.discriminatedUnion('kind', [
  planEntry,
  loadEntry,
  drillEntry,
  alertEntry,
  releaseEntry,
  changeEntry,
  dayEntry,
  forecastEntry,
  restoreEntry,
  invoiceEntry,
  reviewEntry,
]);
export type LogbookEntry = Readonly<z.infer<typeof logbookEntry>>;
export type LogbookKind = LogbookEntry['kind'];
export type EntryOf<Kind extends LogbookKind> = Extract<LogbookEntry, { kind: Kind }>;

/** What people may write; the platform writes the rest. */
export const declaredEntry = z.discriminatedUnion('kind', [
  drillEntry.omit({ v: true, atMs: true }),
  invoiceEntry.omit({ v: true, atMs: true }),
  reviewEntry.omit({ v: true, atMs: true }),
]);
