import { type Cause, CAUSES } from './causes.ts';

/**
 * How sure a leaf is. `high`: read from the job's or engine's own clock. `medium`: follows from counters by a stated
 * rule. `low`: a stand-in or a bound.
 */
export type Confidence = 'high' | 'medium' | 'low';

const WEAKNESS: Record<Confidence, number> = { high: 0, medium: 1, low: 2 };

export const weakestConfidence = (a: Confidence, b: Confidence): Confidence =>
  WEAKNESS[a] >= WEAKNESS[b] ? a : b;

/** What one cause was given so far. */
export interface BookEntry {
  cause: Cause;
  /** Accelerator-seconds. */
  seconds: number;
  confidence: Confidence;
  evidence: string[];
}

/**
 * Accelerator-seconds of one subject, given out to causes. Nothing is given twice: what a cause takes is taken from what
 * is left, and what is left at the end is unexplained. So the parts always sum to the whole, whatever the evidence claims.
 */
export interface TimeBook {
  readonly paidSeconds: number;
  left(): number;
  /** Gives a cause at most what is left; returns what it got. Not finite or negative asks get nothing. */
  take(cause: Cause, seconds: number, why: { confidence: Confidence; evidence?: string }): number;
  /** Says why something is not known, beside the leaf `unexplained`. */
  unknown(evidence: string): void;
  /** Every cause that got something, in documented order, and `unexplained` with what is left. */
  close(): BookEntry[];
}

/** Lines of evidence that a leaf keeps. */
const MAX_EVIDENCE = 8;

export function createTimeBook(paidSeconds: number): TimeBook {
  const entries = new Map<Cause, BookEntry>();
  const unknowns: string[] = [];
  let left = Math.max(0, paidSeconds);

  const note = (lines: string[], text: string | undefined): void => {
    if (text === undefined || lines.includes(text) || lines.length >= MAX_EVIDENCE) return;
    lines.push(text);
  };

  return {
    paidSeconds: left,
    left: () => left,
    take(cause, seconds, { confidence, evidence }) {
      if (!(seconds > 0)) return 0;
      const got = Math.min(seconds, left);
      if (got === 0) return 0;
      left -= got;
      const entry = entries.get(cause) ?? { cause, seconds: 0, confidence, evidence: [] };
      entry.seconds += got;
      entry.confidence = weakestConfidence(entry.confidence, confidence);
      note(entry.evidence, evidence);
      entries.set(cause, entry);
      return got;
    },
    unknown: (evidence) => note(unknowns, evidence),
    close() {
      const rest: BookEntry = {
        cause: 'unexplained',
        seconds: left + (entries.get('unexplained')?.seconds ?? 0),
        confidence: 'high',
        evidence: [...unknowns],
      };
      const all = CAUSES.flatMap((cause) =>
        cause === 'unexplained' ? [rest] : (entries.get(cause) ?? []),
      );
      return all.filter(({ seconds, evidence }) => seconds > 0 || evidence.length > 0);
    },
  };
}
