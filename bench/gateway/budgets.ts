import { parse } from 'yaml';
import { z } from 'zod';
import type { Results } from './report.ts';

/** `contender.metric` */
const figureName = z.string().regex(/^[a-z]+\.[A-Za-z0-9]+$/);

const budget = z
  .strictObject({
    id: z.string(),
    what: z.string(),
    case: z.string(),
    value: figureName,
    per: figureName.optional(),
    minus: figureName.optional(),
    /** Which of the rounds counts: the median, or for an absolute figure of a shared machine the best. */
    of: z.enum(['median', 'best']).default('median'),
    max: z.number(),
    /** Where it should get later; printed only. */
    goal: z.number().optional(),
  })
  .refine((one) => one.per === undefined || one.minus === undefined, 'either per or minus');

export type Budget = z.infer<typeof budget>;

export function parseBudgets(text: string): Budget[] {
  return z.strictObject({ budgets: z.array(budget) }).parse(parse(text)).budgets;
}

export interface Verdict {
  id: string;
  what: string;
  of: Budget['of'];
  max: number;
  goal: number | null;
  /** Null: not measured, because the case or the peer was not run. */
  value: number | null;
  met: boolean | null;
}

/** Each budget against what was measured; a figure that is missing is unknown, not met. */
export function judge(budgets: readonly Budget[], results: Results): Verdict[] {
  return budgets.map((one) => {
    const of = (path: string): number | null => figure(one, path, results);
    const own = of(one.value);
    const value =
      one.per !== undefined
        ? combine(own, of(one.per), (a, b) => a / b)
        : one.minus !== undefined
          ? combine(own, of(one.minus), (a, b) => a - b)
          : own;
    const met = value === null ? null : value <= one.max;
    const { id, what, max, goal = null } = one;
    return { id, what, of: one.of, max, goal, value, met };
  });
}

function figure(budget: Budget, path: string, results: Results): number | null {
  const [contender = '', metric = ''] = path.split('.');
  const spread = results[budget.case]?.[contender]?.[metric];
  const value = budget.of === 'best' ? spread?.min : spread?.median;
  return value === undefined || !Number.isFinite(value) ? null : value;
}

function combine(
  a: number | null,
  b: number | null,
  how: (a: number, b: number) => number,
): number | null {
  return a === null || b === null ? null : how(a, b);
}
