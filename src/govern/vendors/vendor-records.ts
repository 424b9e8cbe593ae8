import { z } from 'zod';
import { probeChecks, probeMetrics } from './question.ts';

/** Bounds on what one vendor may fill the store with. */
export const VENDOR_LIMITS = {
  vendors: 200,
  factsPerVendor: 20_000,
  documentsPerVendor: 100,
  documentBytes: 5_242_880,
  linksPerVendor: 100,
  textChars: 4_000,
} as const;

/** Control characters but line breaks and tabs: they hide text and break terminals. */
// oxlint-disable-next-line no-control-regex -- these are what is refused
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;
export const plainText = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !CONTROL.test(text), 'must not hold control characters');
const line = (max: number) =>
  plainText(max)
    .min(1)
    .refine((text) => !/[\r\n\t]/.test(text), 'must be one line')
    .refine((text) => text.trim() !== '', 'must not be blank');

const isDay = (text: string): boolean => {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text;
};
/** A day as `2027-01-31`. */
export const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day as 2027-01-31')
  .refine(isDay, 'must be a day that exists');

export const vendorId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is lower-case letters, digits and "-", at most 63')
  // Paths of the API beside /vendors/{id}.
  .refine((id) => !['questions', 'comparison', 'quotes'].includes(id), 'is a name of the API');

/** Who is asked: a vendor, or a team of one's own (`kind: team`) that answers the same set turned inward. */
export const vendor = z.strictObject({
  id: vendorId,
  name: line(120),
  kind: z.enum(['vendor', 'team']),
  /** The scorecard asks that critical vendors are graded 2 on average. */
  critical: z.boolean(),
  atMs: z.number(),
});
export type Vendor = Readonly<z.infer<typeof vendor>>;

/** What stands behind an answer: a link, or a file that was uploaded. Days in UTC. */
export const answerDocument = z.strictObject({
  title: line(200),
  link: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .nullable(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  /** When it was issued. */
  date: day,
  /** Null: a year from `date`. */
  validUntil: day.nullable(),
});
export type AnswerDocument = Readonly<z.infer<typeof answerDocument>>;

/** What somebody answers: a value of the question's kind, words, or both. */
export const answerInput = z.strictObject({
  question: z.string().min(1).max(100),
  value: z.union([z.number(), z.literal('yes'), z.literal('no')]).nullable(),
  text: plainText(VENDOR_LIMITS.textChars),
  document: answerDocument.nullable(),
});
export type AnswerInput = Readonly<z.infer<typeof answerInput>>;

export const answer = answerInput.extend({
  answeredBy: line(200),
  via: z.enum(['import', 'link', 'api', 'cli']),
  atMs: z.number(),
});
export type Answer = Readonly<z.infer<typeof answer>>;

/** What we found about an answer ourselves: a test that confirms it, or what contradicts it. */
export const review = z.strictObject({
  question: z.string().min(1).max(100),
  verdict: z.enum(['confirmed', 'contradicted', 'cleared']),
  note: plainText(VENDOR_LIMITS.textChars).min(1),
  by: line(200),
  atMs: z.number(),
});
export type Review = Readonly<z.infer<typeof review>>;

/** A measured figure with its 95 % interval; an end is null where so few samples bound nothing. */
export const measure = z.strictObject({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  samples: z.int().nonnegative(),
});
export type Measure = Readonly<z.infer<typeof measure>>;

/**
 * `fail`: what was seen contradicts the dialect or itself. `absent`: it is not there (no TLS, no headers), which is no lie.
 */
export const checkVerdict = z.enum(['pass', 'fail', 'absent', 'unknown']);
export type CheckVerdict = z.infer<typeof checkVerdict>;

export const probeCheck = z.strictObject({
  id: z.enum(probeChecks),
  verdict: checkVerdict,
  summary: z.string().max(1_000),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type ProbeCheck = Readonly<z.infer<typeof probeCheck>>;

export const probeReport = z.strictObject({
  atMs: z.number(),
  endpoint: z.string().max(500),
  model: z.string().max(200),
  durationMs: z.number(),
  requests: z.int().nonnegative(),
  /** By our own count. */
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  /** Null without prices. */
  costUsd: z.number().nullable(),
  /** The endpoint says that it is a simulated engine. */
  simulated: z.boolean(),
  /** Why it ended before all was sent; null when it did not. */
  stopped: z.string().max(500).nullable(),
  checks: z.array(probeCheck),
  metrics: z.record(z.enum(probeMetrics), measure),
});
export type ProbeReport = Readonly<z.infer<typeof probeReport>>;
