import { parse } from 'yaml';
import { z } from 'zod';

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
    max: z.number(),
    /** Where it should get later; printed only. */
    goal: z.number().optional(),
  })
  .refine((one) => one.per === undefined || one.minus === undefined, 'either per or minus');

export type Budget = z.infer<typeof budget>;

export function parseBudgets(text: string): Budget[] {
  return z.strictObject({ budgets: z.array(budget) }).parse(parse(text)).budgets;
}

/** Medians over the rounds: case, contender, metric. */
export type Medians = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>
>;

export interface Verdict {
  id: string;
  what: string;
  max: number;
  goal: number | null;
  /** Null: not measured, because the case or the peer was not run. */
  value: number | null;
  met: boolean | null;
}

/** Each budget against what was measured; a figure that is missing is unknown, not met. */
export function judge(budgets: readonly Budget[], medians: Medians): Verdict[] {
  return budgets.map((one) => {
    const own = figure(one.case, one.value, medians);
    const value =
      one.per !== undefined
        ? combine(own, figure(one.case, one.per, medians), (a, b) => a / b)
        : one.minus !== undefined
          ? combine(own, figure(one.case, one.minus, medians), (a, b) => a - b)
          : own;
    const met = value === null ? null : value <= one.max;
    return { id: one.id, what: one.what, max: one.max, goal: one.goal ?? null, value, met };
  });
}

function figure(name: string, path: string, medians: Medians): number | null {
  const [contender = '', metric = ''] = path.split('.');
  const value = medians[name]?.[contender]?.[metric];
  return value === undefined || !Number.isFinite(value) ? null : value;
}

function combine(
  a: number | null,
  b: number | null,
  how: (a: number, b: number) => number,
): number | null {
  return a === null || b === null ? null : how(a, b);
}
