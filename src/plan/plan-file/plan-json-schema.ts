import { z } from 'zod';
import type { JsonSchema } from '../../config/schema-lookup.ts';
import { planSchema } from './plan-schema.ts';

let cached: JsonSchema | null = null;

/** JSON Schema (2020-12) of plan.yaml for editors, defaults not filled in. */
export function planJsonSchema(): JsonSchema {
  cached ??= {
    title: 'plan.yaml',
    description: 'A plan for `tailrace plan`; see docs/planner.md.',
    ...z.toJSONSchema(planSchema, { io: 'input' }),
  } as JsonSchema;
  return cached;
}
