import { z } from 'zod';

const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)?$/, 'an id: lower-case words joined by "-" and one "."')
  .max(64);
const text = z.string().min(1).max(400);
const level = z.union([z.literal(1), z.literal(2)]);

/** Whose work it is to close a gap; the console has a view for each. */
export const roles = ['platform', 'capacity', 'serving', 'data', 'security', 'facilities'] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

/** The part of the spend that a gap exposes. */
const spend = z.enum(['all', 'accelerators', 'idle', 'unallocated']);

/** One of the three; `isTrue` is for facts that are so or not. */
const threshold = z
  .strictObject({
    atLeast: z.number().finite().optional(),
    atMost: z.number().finite().optional(),
    isTrue: z.literal(true).optional(),
    unit: z.string().max(40).optional(),
  })
  .refine(
    (one) =>
      [one.atLeast, one.atMost, one.isTrue].filter((part) => part !== undefined).length === 1,
    'give exactly one of atLeast, atMost, isTrue',
  );
export type Threshold = z.infer<typeof threshold>;

const category = z.strictObject({
  id,
  name: text,
  layers: z.array(z.string().min(1)).min(1),
  spend,
  zero: text,
});
export type Category = Readonly<z.infer<typeof category>>;

/**
 * One condition. Exactly one of `collector` (id of a collector), `attestation` (people say it, with a
 * document) and `notYet` (what would have to be built to collect it). Level 1 has a `question` for the
 * interview, and says what a `document` must show.
 */
const condition = z.strictObject({
  id,
  category: id,
  level,
  title: text,
  threshold,
  windowDays: z.number().positive().max(400).default(30),
  collector: id.optional(),
  attestation: z.literal(true).optional(),
  notYet: text.optional(),
  scope: z.enum(['organisation', 'service']).default('organisation'),
  role,
  effortDays: z.number().positive().max(250),
  spend: spend.optional(),
  needs: z.array(id).default([]),
  question: text.optional(),
  document: text.optional(),
  fix: text,
});
export type Condition = Readonly<z.infer<typeof condition>>;

const lateCheck = z.strictObject({
  id,
  title: text,
  conditions: z.array(id).min(1),
  fix: text,
});
export type LateCheck = Readonly<z.infer<typeof lateCheck>>;

/** `criteria.yaml`: what the scorecard asks. */
export const criteriaSchema = z.strictObject({
  version: z.literal(1),
  levels: z
    .tuple([
      z.strictObject({ level: z.literal(1), minGrade: z.int().min(1).max(4) }),
      z.strictObject({ level: z.literal(2), minGrade: z.int().min(1).max(4) }),
    ])
    .refine(
      ([one, two]) => two.minGrade >= one.minGrade,
      'level 2 cannot ask for less than level 1',
    ),
  categories: z.array(category).length(8),
  conditions: z.array(condition).min(8),
  late: z.array(lateCheck),
});
export type Criteria = Readonly<z.infer<typeof criteriaSchema>>;

/** A threshold in words: `at least 95 %`. */
export function thresholdText({ atLeast, atMost, unit }: Threshold): string {
  const [word, bound] =
    atLeast === undefined ? (['at most', atMost] as const) : (['at least', atLeast] as const);
  if (bound === undefined) return 'is so';
  return `${word} ${measureText(bound, unit ?? null)}`;
}

/** A value with its unit; shares as percent. */
export function measureText(value: number, unit: string | null): string {
  const rounded = (x: number): string => String(Math.round(x * 10) / 10);
  if (unit === 'share') return `${rounded(value * 100)} %`;
  return unit === null ? rounded(value) : `${rounded(value)} ${unit}`;
}

/** Whether a value meets a threshold; 1 stands for yes. Unknown meets nothing. */
export function meets(value: number | null, { atLeast, atMost }: Threshold): boolean {
  if (value === null || Number.isNaN(value)) return false;
  if (atLeast !== undefined) return value >= atLeast;
  return atMost === undefined ? value >= 1 : value <= atMost;
}
