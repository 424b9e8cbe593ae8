import type { Condition, Criteria } from '../scorecard/criteria-schema.ts';
import type { CategoryScore, ConditionScore, ScoreCard } from '../scorecard/score-card.ts';

/** One gap: a condition that does not have the grade that a level asks. */
export interface Gap {
  /** Condition id, or with `@3` where only level 2 still asks for more. */
  action: string;
  condition: Condition;
  category: CategoryScore;
  /** The level it keeps the category from. */
  level: 1 | 2;
  met: boolean;
  /** Gain of that level over the conditions still unmet for it; 0 when it is met. */
  points: number;
  blockedBy: string | null;
}

/** A condition of level 1 that a document meets is measured for level 2: an action of its own. */
const raised = (id: string, grade: number): string => `${id}@${grade}`;

/**
 * Every action that there can be, met or not. Conditions that do not apply have none. The second action of a
 * condition of level 1 is there once the first is met.
 */
export function gapsOf(card: ScoreCard, criteria: Criteria): Gap[] {
  return card.categories.flatMap((category) => {
    const applicable = category.conditions.filter((one) => one.notApplicable === null);
    const gradeOf = (level: 1 | 2): number => criteria.levels[level - 1]?.minGrade ?? 4;
    const unmetFor = (level: 1 | 2): number =>
      applicable.filter((one) => one.condition.level <= level && one.grade < gradeOf(level)).length;
    const gap = (one: ConditionScore, level: 1 | 2, action: string): Gap => {
      const met = one.grade >= gradeOf(level);
      return {
        action,
        condition: one.condition,
        category,
        level,
        met,
        points: met ? 0 : 1 / unmetFor(level),
        blockedBy: met ? null : blockOf(one.condition, level),
      };
    };
    return applicable.flatMap((one) => {
      const { id, level } = one.condition;
      const own = gap(one, level, id);
      if (level === 2 || !own.met) return [own];
      return [own, gap(one, 2, raised(id, gradeOf(2)))];
    });
  });
}

function blockOf({ notYet, collector }: Condition, level: 1 | 2): string | null {
  if (notYet !== undefined) return notYet;
  if (level === 2 && collector === undefined) {
    return 'a collector for it: what people bring reaches E2 at most';
  }
  return null;
}
