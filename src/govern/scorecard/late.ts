import type { Criteria } from './criteria-schema.ts';
import type { ConditionView, LateView } from './score-view.ts';

/**
 * What makes teams late, from the same conditions: late where something says that one fails or only claims it,
 * unknown where nothing is known, fine where all are met.
 */
export function lateChecks(
  criteria: Criteria,
  conditions: ReadonlyMap<string, ConditionView>,
): LateView[] {
  return criteria.late.map((check) => {
    const all = check.conditions.flatMap((id) => conditions.get(id) ?? []);
    const open = all.filter(({ state }) => state !== 'met' && state !== 'not-applicable');
    const isKnown = open.some((one) => one.evidence.some((item) => !item.holds));
    return {
      id: check.id,
      title: check.title,
      state: open.length === 0 ? 'fine' : isKnown ? 'late' : 'unknown',
      reasons: (open.length === 0 ? all : open).map((one) => `${one.title}: ${one.reason}`),
      conditions: check.conditions,
      fix: check.fix,
    };
  });
}
