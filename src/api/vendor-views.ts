import { z } from 'zod';
import { layers } from '../govern/vendors/question.ts';
import {
  answer,
  answerInput,
  probeReport,
  review,
  vendor,
  vendorId,
} from '../govern/vendors/vendor-records.ts';
import { datedQuote } from '../records/vendor-quote.ts';

/** Shapes of `/api/v1/vendors`. Grades are 0 to 3, scores means of them, times Unix milliseconds. */
export const vendorView = vendor.meta({ id: 'Vendor' });
export const vendorPut = vendor
  .omit({ atMs: true, critical: true, kind: true })
  .extend({
    kind: vendor.shape.kind.default('vendor'),
    critical: vendor.shape.critical.default(false),
  })
  .meta({ id: 'VendorPut' });

const contradiction = z.object({ question: z.string(), note: z.string() });

export const vendorSummary = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: vendor.shape.kind,
    critical: z.boolean(),
    score: z.number(),
    layers: z.array(z.object({ layer: z.enum(layers), score: z.number() })),
    /** Number of questions at grade 0, 1, 2 and 3. */
    grades: z.array(z.int()),
    answered: z.int(),
    gaps: z.array(z.string()),
    contradictions: z.array(contradiction),
    probedAtMs: z.number().nullable(),
    simulated: z.boolean(),
  })
  .meta({ id: 'VendorSummary' });

const grade = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]);
const reason = z.enum([
  'none',
  'contradicted',
  'claim',
  'document-expired',
  'document',
  'probe',
  'test',
]);

const cell = z
  .object({
    vendor: z.string(),
    grade,
    reason,
    note: z.string(),
    simulated: z.boolean(),
    answer: answer.nullable(),
    ageDays: z.int().nullable(),
    isUnwanted: z.boolean(),
  })
  .meta({ id: 'VendorCell' });

export const vendorComparison = z
  .object({
    atMs: z.number(),
    weights: z.record(z.string(), z.number()),
    vendors: z.array(vendorSummary),
    rows: z.array(
      z.object({
        question: z.string(),
        layer: z.enum(layers),
        topic: z.string(),
        condition: z.string(),
        ask: z.string(),
        weight: z.number(),
        cells: z.array(cell),
      }),
    ),
  })
  .meta({ id: 'VendorComparison' });

export const vendorList = z
  .object({ atMs: z.number(), vendors: z.array(vendorSummary) })
  .meta({ id: 'VendorList' });

export const vendorQuestionList = z
  .object({
    questions: z.array(
      z.object({
        id: z.string(),
        layer: z.enum(layers),
        topic: z.string(),
        condition: z.string(),
        ask: z.string(),
        askTeam: z.string(),
        why: z.string(),
        good: z.string(),
        kind: z.enum(['text', 'number', 'yes-no']),
        unit: z.string().nullable(),
        weight: z.int(),
        /** The endpoint probe confirms or contradicts it. */
        isProbed: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'VendorQuestionList' });

export const vendorDocument = z
  .object({
    sha256: z.string(),
    name: z.string(),
    mediaType: z.string(),
    bytes: z.int(),
    atMs: z.number(),
  })
  .meta({ id: 'VendorDocument' });

export const vendorLink = z
  .object({
    id: z.string(),
    vendor: z.string(),
    recipient: z.string(),
    createdAtMs: z.number(),
    expiresAtMs: z.number(),
    revokedAtMs: z.number().nullable(),
    usedAtMs: z.number().nullable(),
  })
  .meta({ id: 'VendorLink' });

export const vendorLinkCreate = z
  .strictObject({
    recipient: z.string().min(1).max(200),
    days: z.number().positive().max(90).default(14),
  })
  .meta({ id: 'VendorLinkCreate' });

export const vendorLinkCreated = vendorLink
  .extend({ path: z.string().describe('The link, as a path of this server; shown only now.') })
  .meta({ id: 'VendorLinkCreated' });

export const vendorFileView = z
  .object({
    vendor: vendorView,
    answers: z.array(answer.meta({ id: 'VendorAnswer' })),
    reviews: z.array(review.meta({ id: 'VendorReview' })),
    probes: z.array(probeReport.meta({ id: 'VendorProbeReport' })),
    quotes: z.array(datedQuote.meta({ id: 'VendorDatedQuote' })),
    documents: z.array(vendorDocument),
    links: z.array(vendorLink),
  })
  .meta({ id: 'VendorFile' });

export const vendorAnswersAdd = z
  .strictObject({ answers: z.array(answerInput).min(1).max(200) })
  .meta({ id: 'VendorAnswersAdd' });
export const vendorAnswersAdded = z.object({ added: z.int() }).meta({ id: 'VendorAnswersAdded' });

export const vendorReviewAdd = review
  .omit({ atMs: true, by: true })
  .meta({ id: 'VendorReviewAdd' });

export const vendorChanges = z
  .object({
    fromMs: z.number(),
    toMs: z.number(),
    changes: z.array(
      z.object({
        question: z.string(),
        ask: z.string(),
        kind: z.enum(['answer', 'grade']),
        before: cell,
        after: cell,
      }),
    ),
  })
  .meta({ id: 'VendorChanges' });

export const vendorParams = z.object({ id: vendorId });
