import type { Question } from './question.ts';
import type { Answer, Measure, ProbeReport, Review } from './vendor-records.ts';

/** 0 none or contradicted, 1 a claim, 2 a document in date, 3 our own probe or test. */
export type AnswerGrade = 0 | 1 | 2 | 3;

export type GradeReason =
  | 'none'
  | 'contradicted'
  | 'claim'
  | 'document-expired'
  | 'document'
  | 'probe'
  | 'test';

export interface Graded {
  grade: AnswerGrade;
  reason: GradeReason;
  /** In words: what confirms or contradicts the answer, or what is missing. */
  note: string;
  /** Rests on a probe of a simulated engine. */
  simulated: boolean;
}

/** What is known about one question at one time: the latest of each kind. */
export interface Known {
  answer: Answer | null;
  review: Review | null;
  probe: ProbeReport | null;
}

const DAY_MS = 86_400_000;
/** Endpoints change: a probe counts for as long as the scorecard lets probes count. */
export const PROBE_FRESH_DAYS = 90;
/** A test of ours on a built thing (cooling, exit) is repeated less often. */
export const REVIEW_FRESH_DAYS = 180;
/** A document without an end is taken for a year, the term of most attestations. */
const DOCUMENT_DAYS = 365;

/**
 * Grades one answer at a time. What contradicts comes before what confirms: a probe or review that disagrees makes 0,
 * whatever documents say. Pure; falls with time only.
 */
export function gradeAnswer(question: Question, known: Known, nowMs: number): Graded {
  const { answer } = known;
  const review = freshReview(known.review, nowMs);
  if (review?.verdict === 'contradicted') return graded(0, 'contradicted', review.note);
  const found = probeFinding(question, answer, known.probe, nowMs);
  if (found?.agrees === false) return graded(0, 'contradicted', found.note, found.simulated);
  if (review?.verdict === 'confirmed') return graded(3, 'test', review.note);
  if (found?.agrees === true) return graded(3, 'probe', found.note, found.simulated);
  if (answer === null) return graded(0, 'none', found?.note ?? 'not answered');
  return gradeClaim(answer, found?.note ?? null, nowMs);
}

const graded = (
  grade: AnswerGrade,
  reason: GradeReason,
  note: string,
  simulated = false,
): Graded => ({ grade, reason, note, simulated });

function freshReview(review: Review | null, nowMs: number): Review | null {
  if (review === null || review.verdict === 'cleared') return null;
  // What contradicts an answer does so until somebody clears it; what confirms it grows old.
  const isOld = nowMs - review.atMs > REVIEW_FRESH_DAYS * DAY_MS;
  return review.verdict === 'confirmed' && isOld ? null : review;
}

function gradeClaim({ document }: Answer, note: string | null, nowMs: number): Graded {
  if (document === null) return graded(1, 'claim', note ?? 'a claim without a document');
  const issuedMs = Date.parse(`${document.date}T00:00:00Z`);
  const endMs =
    document.validUntil === null
      ? issuedMs + DOCUMENT_DAYS * DAY_MS
      : Date.parse(`${document.validUntil}T00:00:00Z`) + DAY_MS;
  if (issuedMs > nowMs) {
    return graded(1, 'claim', `${document.title} is dated ${document.date}, in the future`);
  }
  return endMs > nowMs
    ? graded(2, 'document', note ?? `${document.title}, ${document.date}`)
    : graded(1, 'document-expired', `${document.title} is out of date`);
}

/** What the probe says of an answer; `agrees` null where it decides nothing. */
interface Finding {
  agrees: boolean | null;
  note: string;
  simulated: boolean;
}

function probeFinding(
  question: Question,
  answer: Answer | null,
  probe: ProbeReport | null,
  nowMs: number,
): Finding | null {
  if (question.probe === null || probe === null) return null;
  if (nowMs - probe.atMs > PROBE_FRESH_DAYS * DAY_MS) return null;
  const { check: checkId, metric } = question.probe;
  const { simulated } = probe;
  if (metric !== null) {
    const figure = probe.metrics[metric];
    if (figure === undefined || figure.value === null) return null;
    const { agrees, note } = compareFigure(question, answer?.value ?? null, figure);
    return { agrees, note, simulated };
  }
  const check = probe.checks.find(({ id }) => id === checkId);
  if (check === undefined || check.verdict === 'unknown') return null;
  const seen = check.verdict === 'pass' ? 'yes' : 'no';
  const said = answer?.value ?? null;
  const note = `the probe found: ${check.summary}`;
  // Words alone claim that it is so; a plain "no" that the probe confirms is an honest answer.
  if (said === null && answer === null && seen === 'no') return { agrees: null, note, simulated };
  return { agrees: (said ?? 'yes') === seen || seen === 'yes', note, simulated };
}

/** Percent of good requests must be at least what was said, latencies at most. */
function compareFigure(
  { answer: { unit }, probe }: Question,
  said: Answer['value'],
  { value, low, high, samples }: Measure,
): { agrees: boolean | null; note: string } {
  const suffix = unit === undefined ? '' : ` ${unit}`;
  const interval = `${low === null ? '?' : short(low)} to ${high === null ? '?' : short(high)}`;
  const measured = `measured ${short(value ?? 0)}${suffix} (95 %: ${interval}, ${samples} samples)`;
  if (typeof said !== 'number') return { agrees: said === null ? true : null, note: measured };
  const note = `said ${short(said)}${suffix}, ${measured}`;
  const atLeast = probe?.metric === 'goodPercent';
  const isBroken = atLeast ? high !== null && high < said : low !== null && low > said;
  const isKept = atLeast ? low !== null && low >= said : high !== null && high <= said;
  return { agrees: isBroken ? false : isKept ? true : null, note };
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
