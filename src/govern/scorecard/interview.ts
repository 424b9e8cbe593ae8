import { z } from 'zod';
import { evidenceDocument, type EvidenceItem } from '../../records/evidence-item.ts';
import { newId } from '../../records/ids.ts';
import { gradeOf } from '../evidence/grade.ts';
import { thresholdText, type Condition, type Criteria } from './criteria-schema.ts';

const DAY_MS = 86_400_000;
/** A document without a review date of its own is looked at again after this. */
const REVIEW_DAYS = 90;
/** A word without a document is a claim for so long. */
const CLAIM_DAYS = 30;

/** One plain question. Answers are yes, no, or that nobody knows, with a document for a yes. */
export const interviewQuestion = z.object({
  condition: z.string(),
  category: z.string(),
  categoryName: z.string(),
  question: z.string(),
  /** What a document must show. */
  document: z.string(),
});
export type InterviewQuestion = z.infer<typeof interviewQuestion>;

export const interviewAnswer = z.strictObject({
  condition: z.string().min(1).max(100),
  answer: z.enum(['yes', 'no', 'unknown']),
  document: evidenceDocument.nullable().default(null),
  /** Who answers for it; default: who is interviewed. */
  owner: z.string().min(1).max(200).nullable().default(null),
  /** When the document is to be looked at again, Unix milliseconds. */
  reviewAtMs: z.number().positive().nullable().default(null),
});

/** `POST /api/v1/score/interview`. */
export const interviewAnswers = z.strictObject({
  person: z.string().min(1).max(200),
  answers: z.array(interviewAnswer).min(1).max(200),
});
export type InterviewAnswers = z.infer<typeof interviewAnswers>;

/** The questions, in the order of the scorecard: conditions of level 1 only, which is all that words can reach. */
export function interviewQuestions(criteria: Criteria): InterviewQuestion[] {
  return criteria.categories.flatMap((category) =>
    criteria.conditions
      .filter((one) => one.category === category.id && one.level === 1)
      .flatMap(({ id, question, document }) =>
        question === undefined
          ? []
          : [
              {
                condition: id,
                category: category.id,
                categoryName: category.name,
                question,
                document: document ?? 'Something that shows it, with a date.',
              },
            ],
      ),
  );
}

/**
 * Answers as evidence: a yes with a document in date is E2, without one a claim; a no speaks against nothing, it
 * supports nothing. For the organisation; where a condition looks at services, for each of them too.
 */
export function interviewEvidence(
  { person, answers }: InterviewAnswers,
  about: { criteria: Criteria; services: readonly string[]; nowMs: number },
): EvidenceItem[] {
  const byId = new Map(about.criteria.conditions.map((one) => [one.id, one]));
  return answers.flatMap((answer) => {
    const condition = byId.get(answer.condition);
    const { answer: said, document, reviewAtMs } = answer;
    if (condition === undefined || said === 'unknown') return [];
    const owner = answer.owner ?? person;
    const services = condition.scope === 'service' ? about.services : [];
    return [null, ...services].map((service) =>
      saidOf(condition, { answer: said, document, owner, reviewAtMs }, { service, ...about }),
    );
  });
}

/** What a person says of a condition, as evidence. */
export function saidOf(
  condition: Condition,
  said: {
    answer: 'yes' | 'no';
    document: EvidenceItem['document'];
    owner: string;
    reviewAtMs: number | null;
    statement?: string;
    source?: 'document' | 'attestation' | 'test-run' | 'external';
    value?: number | null;
  },
  about: { service: string | null; nowMs: number },
): EvidenceItem {
  const { nowMs } = about;
  const hasDocument = said.document !== null && said.answer === 'yes';
  const source = said.source ?? (hasDocument ? 'document' : 'attestation');
  const days = hasDocument ? REVIEW_DAYS : CLAIM_DAYS;
  const words = said.answer === 'yes' ? 'says that it is so' : 'says that it is not so';
  const title = said.document === null ? '' : ` (${said.document.title})`;
  return {
    id: newId(nowMs),
    condition: condition.id,
    service: about.service,
    source,
    statement: said.statement ?? `${said.owner} ${words}${title}.`,
    query: said.document?.link ?? documentPath(said.document?.sha256 ?? null),
    value: said.value ?? (said.answer === 'yes' ? 1 : 0),
    unit: said.value == null ? null : (condition.threshold.unit ?? null),
    threshold: thresholdText(condition.threshold),
    holds: said.answer === 'yes',
    fromMs: nowMs - days * DAY_MS,
    toMs: nowMs,
    coverage: null,
    atMs: nowMs,
    expiresAtMs: said.reviewAtMs ?? nowMs + days * DAY_MS,
    owner: said.owner,
    grade: gradeOf({ source, coverage: null, hasDocument, checkedBy: null }),
    simulated: false,
    document: said.document,
    checkedBy: null,
  };
}

/** Where a kept document is read; '' when there is none. */
const documentPath = (sha256: string | null): string =>
  sha256 === null ? '' : `/api/v1/evidence/documents/${sha256}`;
