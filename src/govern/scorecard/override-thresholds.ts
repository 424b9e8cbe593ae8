import { fail, ok, type Result } from '../../records/errors.ts';
import type { Criteria } from './criteria-schema.ts';

/**
 * The criteria with an organisation's own bounds. TR_CRITERIA_INVALID for a condition that does not exist or has no
 * bound to move.
 */
export function overrideThresholds(
  criteria: Criteria,
  thresholds: Readonly<Record<string, number>>,
): Result<Criteria> {
  for (const id of Object.keys(thresholds)) {
    const condition = criteria.conditions.find((one) => one.id === id);
    const field = `scorecard.thresholds.${id}`;
    if (condition === undefined) {
      return fail('TR_CRITERIA_INVALID', `${field}: there is no such condition`, { field });
    }
    if (condition.threshold.isTrue === true) {
      return fail('TR_CRITERIA_INVALID', `${field}: this condition has no bound`, { field });
    }
  }
  const conditions = criteria.conditions.map((condition) => {
    const bound = thresholds[condition.id];
    if (bound === undefined) return condition;
    const { unit } = condition.threshold;
    const moved =
      condition.threshold.atLeast === undefined ? { atMost: bound } : { atLeast: bound };
    return { ...condition, threshold: { ...moved, ...(unit === undefined ? {} : { unit }) } };
  });
  return ok({ ...criteria, conditions });
}
