import { z } from 'zod';
import { planKinds } from '../plan/jobs/plan-ask.ts';
import { planResultView } from './plan-result-views.ts';

/** What `POST plans` is asked. `plan` has the form of plan.yaml (docs/plan.schema.json), checked there. */
export const planCreate = z.strictObject({
  kind: z.enum(planKinds),
  plan: z.record(z.string(), z.unknown()),
  /** Loads of `double`, requests a second; default: from a quarter of the plan's rate to four times it. */
  rates: z.array(z.number().positive().max(100_000)).min(1).max(64).optional(),
});

export const planJob = z.object({
  id: z.string(),
  kind: z.enum(planKinds),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  startedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  progress: z.object({ done: z.int(), total: z.int() }),
  /** Time that is left at the present pace; null when not known. */
  remainingMs: z.number().nullable(),
  error: z
    .object({ code: z.string(), message: z.string(), field: z.string().nullable() })
    .nullable(),
});

export const planJobList = z.object({ plans: z.array(planJob) });

/** A job with its result: the JSON that the command of that kind prints; null until it is done. */
export const planJobResult = z.object({ job: planJob, result: planResultView.nullable() });

/** `plan` has the form of plan.yaml; null: `missing` names what it would need. */
export const servicePlanView = z.object({
  plan: z.record(z.string(), z.unknown()).nullable(),
  measured: z
    .object({ ratePerS: z.number(), inputTokens: z.number(), outputTokens: z.number() })
    .nullable(),
  missing: z.array(z.string()),
});
export type ServicePlanView = z.infer<typeof servicePlanView>;
