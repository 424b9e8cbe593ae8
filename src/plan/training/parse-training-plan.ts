import { z } from 'zod';
import type { JsonSchema } from '../../config/schema-lookup.ts';
import { ok, type Result } from '../../records/errors.ts';
import { parseYamlPlan, type PlanFinding, type PlanSource } from '../plan-file/parse-yaml-plan.ts';
import { memoryFinding } from './memory-fix.ts';
import { trainingFileSchema } from './training-plan.ts';
import { trainingSetup, type TrainingSetup } from './training-setup.ts';

let cached: JsonSchema | null = null;

/** JSON Schema (2020-12) of a training plan for editors, defaults not filled in. */
export function trainingJsonSchema(): JsonSchema {
  cached ??= {
    title: 'Training plan',
    description: 'A plan for `tailrace plan train`; see docs/planner.md.',
    ...z.toJSONSchema(trainingFileSchema, { io: 'input' }),
  } as JsonSchema;
  return cached;
}

/**
 * Parses a training plan (`train:` at the top), looks its names up and checks that it divides and
 * fits. TR_PLAN_INVALID lists every problem with its place and the nearest fix.
 */
export function parseTrainingPlan(source: PlanSource): Result<TrainingSetup> {
  const parsed = parseYamlPlan(source, {
    schema: trainingFileSchema,
    jsonSchema: trainingJsonSchema,
    check({ train }): PlanFinding[] {
      const checked = trainingSetup(train);
      const findings = checked.ok ? memoryFinding(checked.setup) : checked.findings;
      return findings.map(({ path, message, suggestion }) => {
        return { path: ['train', ...path], message, suggestion };
      });
    },
  });
  if (!parsed.ok) return parsed;
  const checked = trainingSetup(parsed.value.train);
  if (!checked.ok) throw new Error('a plan that was checked has no setup');
  return ok(checked.setup);
}
