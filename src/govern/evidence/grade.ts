import {
  isMeasured,
  type EvidenceGrade,
  type EvidenceItem,
  type EvidenceSource,
} from '../../records/evidence-item.ts';

/** Less than this share of its window, and a measurement is only a claim. */
export const ENOUGH_COVERAGE = 0.8;

const DAY_MS = 86_400_000;

/** Grade of evidence as it is collected. `coverage`: share of the window that was measured, 0..1. */
export function gradeOf(about: {
  source: EvidenceSource;
  coverage: number | null;
  hasDocument: boolean;
  checkedBy: string | null;
}): EvidenceGrade {
  if (!isMeasured(about.source)) return about.hasDocument ? 2 : 1;
  if (about.coverage === null || about.coverage < ENOUGH_COVERAGE) return 1;
  return about.checkedBy === null ? 3 : 4;
}

/**
 * What is left of an item's grade at a time: all of it until it expires, then one grade less for each
 * further length of its window that has begun. A document out of date is thus a claim at once, since E2 is a
 * document in date. Falls with time only.
 */
export function gradeAt(
  item: Pick<EvidenceItem, 'grade' | 'fromMs' | 'toMs' | 'expiresAtMs'>,
  nowMs: number,
): EvidenceGrade {
  const lateMs = nowMs - item.expiresAtMs;
  if (lateMs <= 0) return item.grade;
  const windowMs = Math.max(DAY_MS, item.toMs - item.fromMs);
  const left = item.grade - 1 - Math.floor(lateMs / windowMs);
  return Math.max(0, left) as EvidenceGrade;
}
