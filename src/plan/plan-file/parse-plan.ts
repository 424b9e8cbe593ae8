import type { Result } from '../../records/errors.ts';
import { checkPlan } from './check-plan.ts';
import { parseYamlPlan, type PlanSource } from './parse-yaml-plan.ts';
import { planJsonSchema } from './plan-json-schema.ts';
import { planSchema, type Plan } from './plan-schema.ts';

export type { PlanOverride } from './parse-yaml-plan.ts';

/** Parses plan.yaml, as parseYamlPlan. */
export const parsePlan = (source: PlanSource): Result<Plan> =>
  parseYamlPlan(source, { schema: planSchema, jsonSchema: planJsonSchema, check: checkPlan });
