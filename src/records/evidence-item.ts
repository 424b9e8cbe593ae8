import { z } from 'zod';

/** Sources that the platform measures or reads itself; only these may reach E3. */
export const measuredSources = [
  'ledger',
  'config',
  'keys',
  'telemetry',
  'account',
  'plan',
  'logbook',
  'probe',
  'vendor',
] as const;
export type MeasuredSource = (typeof measuredSources)[number];

/** Where evidence comes from. People bring the last four; they reach E2 at most. */
export const evidenceSource = z.enum([
  ...measuredSources,
  'document',
  'attestation',
  'test-run',
  'external',
]);
export type EvidenceSource = z.infer<typeof evidenceSource>;

/**
 * E0 none, E1 claimed, E2 a document in date, E3 measured by the platform over at least 80 % of its
 * window, E4 measured and checked from outside.
 */
export const evidenceGrade = z.union([
  z.literal(0),
  z.literal(1),
  z.literal(2),
  z.literal(3),
  z.literal(4),
]);
export type EvidenceGrade = z.infer<typeof evidenceGrade>;

/** What a person attached: a link, or a file that is kept under its SHA-256. */
export const evidenceDocument = z.strictObject({
  title: z.string().min(1).max(200),
  link: z.url({ protocol: /^https?$/ }).nullable(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});
export type EvidenceDocument = z.infer<typeof evidenceDocument>;

/**
 * One piece of evidence for one condition of the scorecard. Times are Unix milliseconds. `value` is in
 * `unit` (1 and 0 for yes and no), null when it could not be found. `holds`: the value meets the
 * threshold, or a person says that the condition is met. `grade` is as collected; `gradeAt` says
 * what is left of it later. `coverage` is the share of the window that was measured.
 */
export const evidenceItem = z.strictObject({
  id: z.string().min(1).max(64),
  condition: z.string().min(1).max(100),
  /** Null: the whole organisation. */
  service: z.string().min(1).max(63).nullable(),
  source: evidenceSource,
  statement: z.string().min(1).max(2000),
  /** How to find it again: an API path, a command, or where the document is. */
  query: z.string().max(500),
  value: z.number().nullable(),
  unit: z.string().max(40).nullable(),
  threshold: z.string().max(100).nullable(),
  holds: z.boolean(),
  fromMs: z.number(),
  toMs: z.number(),
  coverage: z.number().min(0).max(1).nullable(),
  atMs: z.number(),
  expiresAtMs: z.number(),
  owner: z.string().min(1).max(200),
  grade: evidenceGrade,
  /** A simulated engine had a part in it: counts in the total `simulated` only. */
  simulated: z.boolean(),
  document: evidenceDocument.nullable(),
  /** Who checked it from outside, for E4. */
  checkedBy: z.string().max(200).nullable(),
});
export type EvidenceItem = Readonly<z.infer<typeof evidenceItem>>;

const measured: ReadonlySet<string> = new Set(measuredSources);

/** Whether the platform found this itself. */
export const isMeasured = (source: EvidenceSource): source is MeasuredSource =>
  measured.has(source);
