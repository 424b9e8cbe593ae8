import { z } from 'zod';
import { evidenceGrade, evidenceItem } from '../../records/evidence-item.ts';
import { role } from './criteria-schema.ts';

const usd = z.number().nullable();
const level = z.union([z.literal(0), z.literal(1), z.literal(2)]);

/** An evidence item with what is left of its grade now, and its figure in words. */
export const evidenceView = z.object({
  ...evidenceItem.shape,
  gradeNow: evidenceGrade,
  figure: z.string(),
  expired: z.boolean(),
});
export type EvidenceView = z.infer<typeof evidenceView>;

export const conditionView = z.object({
  id: z.string(),
  title: z.string(),
  level: z.union([z.literal(1), z.literal(2)]),
  state: z.enum(['met', 'unmet', 'not-collectable', 'not-applicable']),
  /** Of real evidence; 0 to 4. */
  grade: evidenceGrade,
  /** With what simulated engines produced. */
  simulatedGrade: evidenceGrade,
  neededGrade: z.int(),
  contradicted: z.boolean(),
  threshold: z.string(),
  /** The shipped threshold, where the organisation has set another. */
  shippedThreshold: z.string().nullable(),
  binding: z.enum(['collector', 'attestation', 'not-yet']),
  scope: z.enum(['organisation', 'service']),
  /** One sentence: why it is in this state. */
  reason: z.string(),
  notApplicable: z
    .object({ reason: z.string(), owner: z.string(), expiresAtMs: z.number() })
    .nullable(),
  role,
  fix: z.string(),
  document: z.string().nullable(),
  /** Best first. */
  evidence: z.array(evidenceView),
});
export type ConditionView = z.infer<typeof conditionView>;

export const categoryView = z.object({
  id: z.string(),
  number: z.int(),
  name: z.string(),
  layers: z.array(z.string()),
  claimed: level,
  proven: level,
  simulated: level,
  /** What level 0 means here. */
  zero: z.string(),
  /** Spend that this category decides over, US dollars of the last 30 days, and its share of all. */
  spendUsd: usd,
  spendShare: z.number().nullable(),
  /** At 0 with over 10 % of the spend. */
  flagged: z.boolean(),
  conditions: z.array(conditionView),
});
export type CategoryView = z.infer<typeof categoryView>;

/** Why a category moved: the conditions whose evidence changed. */
export const scoreMove = z.object({
  atMs: z.number(),
  category: z.string(),
  from: level,
  to: level,
  because: z.array(z.string()),
});

export const lateView = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(['late', 'fine', 'unknown']),
  reasons: z.array(z.string()),
  conditions: z.array(z.string()),
  fix: z.string(),
});
export type LateView = z.infer<typeof lateView>;

/** The three questions of `tailrace ask`, for one service: answered, or flagged with what is missing. */
export const redFlagTest = z.object({
  service: z.string(),
  simulated: z.boolean(),
  questions: z.array(
    z.object({
      question: z.enum(['latency', 'cost', 'utilization']),
      text: z.string(),
      answered: z.boolean(),
      answer: z.string(),
      flags: z.array(z.string()),
    }),
  ),
});
export type RedFlagTest = z.infer<typeof redFlagTest>;

export const readings = ['scale', 'fund-with-conditions', 'spending-risk'] as const;

/** `GET /api/v1/score` and `tailrace score --json`. */
export const scoreView = z.object({
  generatedAtMs: z.number(),
  /** Of the last run of the collectors; null: they never ran. */
  collectedAtMs: z.number().nullable(),
  service: z.string().nullable(),
  services: z.array(z.string()),
  outOf: z.literal(16),
  claimed: z.int(),
  proven: z.int(),
  simulated: z.int(),
  reading: z.enum(readings),
  readingText: z.string(),
  spendUsd: usd,
  spendSimulated: z.boolean(),
  categories: z.array(categoryView).length(8),
  late: z.array(lateView),
  redFlagTest: z.array(redFlagTest),
  trend: z.array(
    z.object({ atMs: z.number(), claimed: z.int(), proven: z.int(), simulated: z.int() }),
  ),
  moves: z.array(scoreMove),
  failures: z.array(
    z.object({ condition: z.string(), service: z.string().nullable(), message: z.string() }),
  ),
});
export type ScoreView = z.infer<typeof scoreView>;
