import type { Window } from '../../measure/ledger/ledger.ts';
import type { EvidenceItem } from '../../records/evidence-item.ts';
import { figureOf } from '../evidence/collect-evidence.ts';
import { gradeAt } from '../evidence/grade.ts';
import type { Spend } from '../evidence/spend.ts';
import { thresholdText, type Criteria } from './criteria-schema.ts';
import type { CategoryScore, ConditionScore, ScoreCard } from './score-card.ts';
import type { CategoryView, ConditionView, EvidenceView } from './score-view.ts';

/** The window of spend, days. */
export const SPEND_DAYS = 30;
/** A category at 0 with more of the spend than this is flagged by itself. */
const FLAG_SHARE = 0.1;
/** Evidence shown with a condition; the rest is in its history. */
const MAX_SHOWN = 10;

/** The part of the spend that a category or condition exposes; null when it is not known. */
export function exposedUsd(spend: Spend, part: string): number | null {
  switch (part) {
    case 'accelerators':
      return spend.acceleratorsUsd;
    case 'idle':
      return spend.idleUsd;
    case 'unallocated':
      return spend.unallocatedUsd;
    default:
      return spend.allUsd;
  }
}

export const evidenceViewOf = (item: EvidenceItem, nowMs: number): EvidenceView => ({
  ...item,
  gradeNow: gradeAt(item, nowMs),
  figure: figureOf(item),
  expired: item.expiresAtMs < nowMs,
});

/** Categories with words for people. `shipped`: the criteria before the organisation's own thresholds. */
export function categoryViews(
  card: ScoreCard,
  about: { criteria: Criteria; shipped: Criteria; spend: Spend; nowMs: number },
): CategoryView[] {
  return card.categories.map((one, i) => {
    const { category, levels } = one;
    const spendUsd = exposedUsd(about.spend, category.spend);
    const { allUsd } = about.spend;
    const spendShare =
      spendUsd === null || allUsd === null || allUsd === 0 ? null : spendUsd / allUsd;
    return {
      id: category.id,
      number: i + 1,
      name: category.name,
      layers: [...category.layers],
      ...levels,
      zero: category.zero,
      spendUsd,
      spendShare,
      flagged: levels.proven === 0 && spendShare !== null && spendShare > FLAG_SHARE,
      conditions: one.conditions.map((score) => conditionView(score, about)),
    };
  });
}

function conditionView(
  score: ConditionScore,
  about: { criteria: Criteria; shipped: Criteria; nowMs: number },
): ConditionView {
  const { condition, notApplicable } = score;
  const threshold = thresholdText(condition.threshold);
  const before = about.shipped.conditions.find((one) => one.id === condition.id);
  const shipped = before === undefined ? threshold : thresholdText(before.threshold);
  const neededGrade = about.criteria.levels[condition.level - 1]?.minGrade ?? 4;
  return {
    id: condition.id,
    title: condition.title,
    level: condition.level,
    state: score.state,
    grade: score.grade,
    simulatedGrade: score.simulatedGrade,
    neededGrade,
    contradicted: score.contradicted,
    threshold,
    shippedThreshold: shipped === threshold ? null : shipped,
    binding:
      condition.notYet !== undefined
        ? 'not-yet'
        : condition.collector === undefined
          ? 'attestation'
          : 'collector',
    scope: condition.scope,
    reason: reasonOf(score, neededGrade, about.nowMs),
    notApplicable:
      notApplicable === null
        ? null
        : {
            reason: notApplicable.reason,
            owner: notApplicable.owner,
            expiresAtMs: notApplicable.expiresAtMs,
          },
    role: condition.role,
    fix: condition.fix,
    document: condition.document ?? null,
    evidence: score.evidence.slice(0, MAX_SHOWN).map((item) => evidenceViewOf(item, about.nowMs)),
  };
}

/** One sentence for the state of a condition, from its best evidence. */
export function reasonOf(score: ConditionScore, neededGrade: number, nowMs: number): string {
  const { condition, notApplicable } = score;
  const [best] = score.evidence;
  if (notApplicable !== null) {
    const until = new Date(notApplicable.expiresAtMs).toISOString().slice(0, 10);
    return `Does not apply until ${until}, says ${notApplicable.owner}: ${notApplicable.reason}`;
  }
  if (condition.notYet !== undefined) return `Not collectable yet: needs ${condition.notYet}.`;
  if (best === undefined) {
    return condition.collector === undefined
      ? 'Nobody has said so, and no document is attached.'
      : 'Nothing was measured.';
  }
  const grade = gradeAt(best, nowMs);
  const bound = thresholdText(condition.threshold);
  if (!best.holds) return `${best.statement} Asked is: ${bound}.`;
  if (score.contradicted) return `Claimed, but the platform measured otherwise: ${best.statement}`;
  if (best.simulated && score.state !== 'met') return `Only simulated: ${best.statement}`;
  if (grade >= neededGrade) return best.statement;
  if (best.expiresAtMs < nowMs) {
    return `Out of date since ${new Date(best.expiresAtMs).toISOString().slice(0, 10)} (E${grade}, needs E${neededGrade}): ${best.statement}`;
  }
  return `E${grade}, needs E${neededGrade}: ${best.statement} (${figureOf(best)})`;
}

/** The last 30 days. */
export const spendWindow = (nowMs: number): Window => ({
  fromMs: Math.max(0, nowMs - SPEND_DAYS * 86_400_000),
  toMs: nowMs,
});

/** Conditions of all categories by id. */
export const conditionsById = (
  categories: readonly CategoryView[],
): ReadonlyMap<string, ConditionView> =>
  new Map(categories.flatMap((one) => one.conditions.map((each) => [each.id, each] as const)));

/** Levels and grades of a card, small enough to keep for every day. */
export function compactOf(card: ScoreCard): {
  levels: Record<string, CategoryScore['levels']['proven']>;
  grades: Record<string, number>;
} {
  const levels: Record<string, CategoryScore['levels']['proven']> = {};
  const grades: Record<string, number> = {};
  for (const one of card.categories) {
    levels[one.category.id] = one.levels.proven;
    for (const each of one.conditions) grades[each.condition.id] = each.grade;
  }
  return { levels, grades };
}
