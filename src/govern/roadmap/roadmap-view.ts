import { z } from 'zod';
import { role } from '../scorecard/criteria-schema.ts';

export const actionView = z.object({
  /** Id of its condition; with `@3`: the condition holds by a document, and level 2 asks for a measurement. */
  id: z.string(),
  condition: z.string(),
  category: z.string(),
  categoryName: z.string(),
  title: z.string(),
  /** What to do. */
  fix: z.string(),
  role,
  owner: z.string(),
  effortDays: z.number(),
  /** Spend of the last 30 days that the gap exposes, US dollars. */
  exposedUsd: z.number().nullable(),
  /** Points of the next level over the conditions still unmet for it. */
  points: z.number(),
  /** (points x exposedUsd) / effortDays; null where the spend is not known. */
  priority: z.number().nullable(),
  /** How to see that it is done. */
  proof: z.string(),
  /** Actions that come first. */
  needs: z.array(z.string()),
  /** `closing`: it holds, but not for 7 days yet. */
  state: z.enum(['open', 'reopened', 'closing', 'closed']),
  openedAtMs: z.number(),
  /** Since when it is in this state. */
  sinceMs: z.number(),
  closesAtMs: z.number().nullable(),
  startDay: z.number(),
  dueDay: z.number(),
  dueAtMs: z.number(),
  overdue: z.boolean(),
  period: z.union([z.literal(30), z.literal(60), z.literal(90)]),
  /** What nobody can do yet. */
  blockedBy: z.string().nullable(),
  reason: z.string(),
  layers: z.array(z.string()),
});
export type ActionView = z.infer<typeof actionView>;

/** `GET /api/v1/roadmap` and `tailrace roadmap --format json`: open actions in order, then closed ones. */
export const roadmapView = z.object({
  generatedAtMs: z.number(),
  service: z.string().nullable(),
  role: role.nullable(),
  roles: z.array(z.object({ role, open: z.int(), effortDays: z.number() })),
  actions: z.array(actionView),
});
export type RoadmapView = z.infer<typeof roadmapView>;

/** Something is to be done. */
export const isOpen = ({ state }: Pick<ActionView, 'state'>): boolean =>
  state === 'open' || state === 'reopened';
