import type { EvidenceGrade, EvidenceItem } from '../../records/evidence-item.ts';
import { isMeasured } from '../../records/evidence-item.ts';
import { gradeAt } from '../evidence/grade.ts';
import type { Category, Condition, Criteria } from './criteria-schema.ts';

export type Level = 0 | 1 | 2;
export const totals = ['claimed', 'proven', 'simulated'] as const;
export type Total = (typeof totals)[number];

/** A condition that does not apply, as somebody answers for, until a day. */
export interface NotApplicable {
  condition: string;
  service: string | null;
  reason: string;
  owner: string;
  expiresAtMs: number;
}

/**
 * Grade of a condition in each total. `claimed` and `proven` are of what is real; `simulated` admits
 * what a simulated engine produced. They differ in what a level asks: see `levelOf`.
 */
export interface ConditionScore {
  condition: Condition;
  state: 'met' | 'unmet' | 'not-collectable' | 'not-applicable';
  grade: EvidenceGrade;
  simulatedGrade: EvidenceGrade;
  /** The platform measured that it does not hold, and people say that it does: what they say is a claim. */
  contradicted: boolean;
  notApplicable: NotApplicable | null;
  /** What speaks for and against it, best first. */
  evidence: EvidenceItem[];
}

export interface CategoryScore {
  category: Category;
  levels: Record<Total, Level>;
  conditions: ConditionScore[];
}

export interface ScoreCard {
  service: string | null;
  totals: Record<Total, number>;
  categories: CategoryScore[];
}

export interface ScoreAsk {
  criteria: Criteria;
  /** Current evidence, in any order. */
  evidence: readonly EvidenceItem[];
  notApplicable: readonly NotApplicable[];
  nowMs: number;
  service: string | null;
}

/** Scores the organisation (`service` null) or one service. Pure: the same evidence in any order, the same card. */
export function scoreCard(ask: ScoreAsk): ScoreCard {
  const { criteria } = ask;
  const categories = criteria.categories.map((category) => {
    const conditions = criteria.conditions
      .filter((one) => one.category === category.id)
      .map((one) => conditionScore(one, ask));
    const levelIn = (total: Total): Level => levelOf(conditions, criteria, total);
    const levels = {
      claimed: levelIn('claimed'),
      proven: levelIn('proven'),
      simulated: levelIn('simulated'),
    };
    return { category, levels, conditions };
  });
  const sum = (total: Total): number => categories.reduce((all, one) => all + one.levels[total], 0);
  return {
    service: ask.service,
    totals: { claimed: sum('claimed'), proven: sum('proven'), simulated: sum('simulated') },
    categories,
  };
}

/** Evidence of a service counts for conditions that look at services; the rest is the organisation's. */
export const scopeOf = (condition: Condition, service: string | null): string | null =>
  condition.scope === 'service' ? service : null;

function conditionScore(condition: Condition, ask: ScoreAsk): ConditionScore {
  const { nowMs, criteria } = ask;
  const scope = scopeOf(condition, ask.service);
  const evidence = ask.evidence
    .filter((item) => item.condition === condition.id && item.service === scope)
    .toSorted((a, b) => compareEvidence(a, b, nowMs));
  const notApplicable =
    ask.notApplicable.find(
      (one) => one.condition === condition.id && one.service === scope && one.expiresAtMs > nowMs,
    ) ?? null;
  const contradicted = evidence.some((item) => isAgainst(item, nowMs));
  const best = (admitSimulated: boolean): EvidenceGrade =>
    evidence
      .filter((item) => item.holds && (admitSimulated || !item.simulated))
      .map((item) => supportOf(item, contradicted, nowMs))
      .reduce<EvidenceGrade>((a, b) => (a > b ? a : b), 0);
  const collectable = condition.notYet === undefined;
  const grade = collectable ? best(false) : 0;
  const minGrade = criteria.levels[condition.level - 1]?.minGrade ?? 4;
  const met = grade >= minGrade;
  return {
    condition,
    state: stateOf({ collectable, met, applies: notApplicable === null }),
    grade,
    simulatedGrade: collectable ? best(true) : 0,
    contradicted: contradicted && evidence.some((item) => item.holds && !isMeasured(item.source)),
    notApplicable,
    evidence,
  };
}

function stateOf(is: {
  collectable: boolean;
  met: boolean;
  applies: boolean;
}): ConditionScore['state'] {
  if (!is.applies) return 'not-applicable';
  if (!is.collectable) return 'not-collectable';
  return is.met ? 'met' : 'unmet';
}

/** A real measurement over most of its window, in date, that says no. */
const isAgainst = (item: EvidenceItem, nowMs: number): boolean =>
  !item.holds &&
  !item.simulated &&
  item.value !== null &&
  isMeasured(item.source) &&
  gradeAt(item, nowMs) >= 3;

/** What people bring against a measurement is a claim, however good the document. */
function supportOf(item: EvidenceItem, contradicted: boolean, nowMs: number): EvidenceGrade {
  const grade = gradeAt(item, nowMs);
  return contradicted && !isMeasured(item.source) && grade > 1 ? 1 : grade;
}

/** Best first; ties by time and id, so that the order of evidence does not show. */
function compareEvidence(a: EvidenceItem, b: EvidenceItem, nowMs: number): number {
  const [x, y] = [a, b].map((item) => (item.holds ? 10 : 0) + gradeAt(item, nowMs));
  if (x !== y) return (y ?? 0) - (x ?? 0);
  if (a.atMs !== b.atMs) return b.atMs - a.atMs;
  return a.id < b.id ? -1 : 1;
}

/**
 * The highest level whose conditions, with those of the levels below, all have evidence of its grade
 * (for `claimed`: of any grade). A condition that does not apply is left out, but some must be left at each level.
 */
export function levelOf(
  conditions: readonly ConditionScore[],
  criteria: Criteria,
  total: Total,
): Level {
  const applicable = conditions.filter((one) => one.notApplicable === null);
  let reached: Level = 0;
  for (const { level, minGrade } of criteria.levels) {
    const needed = total === 'claimed' ? 1 : minGrade;
    const own = applicable.filter((one) => one.condition.level === level);
    const below = applicable.filter((one) => one.condition.level <= level);
    const grade = (one: ConditionScore): number =>
      total === 'simulated' ? one.simulatedGrade : one.grade;
    if (own.length === 0 || below.some((one) => grade(one) < needed)) return reached;
    reached = level;
  }
  return reached;
}
