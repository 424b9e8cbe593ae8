import type { DatedQuote } from '../../records/vendor-quote.ts';
import type { Answer, ProbeReport, Review, Vendor } from './vendor-records.ts';

/** All that is known about one vendor, oldest first in each list. */
export interface VendorFile {
  vendor: Vendor;
  answers: readonly Answer[];
  reviews: readonly Review[];
  probes: readonly ProbeReport[];
  quotes: readonly DatedQuote[];
}

/** The last entry up to a time; null without one. */
export function latest<T extends { atMs: number }>(
  entries: readonly T[],
  untilMs: number,
): T | null {
  let found: T | null = null;
  for (const one of entries) {
    if (one.atMs <= untilMs && (found === null || one.atMs >= found.atMs)) found = one;
  }
  return found;
}

/** The last answer to a question up to a time. */
export const answerAt = (file: VendorFile, question: string, untilMs: number): Answer | null =>
  latest(
    file.answers.filter((one) => one.question === question),
    untilMs,
  );

/**
 * The last review of a question up to a time, if it is of the answer that stands: a review says nothing about what
 * was answered after it, but what contradicts stays until it is cleared.
 */
export function reviewAt(file: VendorFile, question: string, untilMs: number): Review | null {
  const review = latest(
    file.reviews.filter((one) => one.question === question),
    untilMs,
  );
  const answer = answerAt(file, question, untilMs);
  const isOlder = review !== null && answer !== null && answer.atMs > review.atMs;
  return isOlder && review.verdict === 'confirmed' ? null : review;
}
