import type { PlanBody } from '../api/types.ts';

/** A target of the plan, ms; null where it has none. */
export function sloOf(
  plan: PlanBody,
  metric: 'ttftMs' | 'tpotMs' | 'e2eMs',
  stat: 'p95' | 'p99',
): number | null {
  const slo = field(field(plan['slo'], metric), stat);
  return typeof slo === 'number' ? slo : null;
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
