import { z } from 'zod';
import { fail, ok, type Result } from '../../../records/errors.ts';
import type { GridTimes, OperatorTable } from './operator-table.ts';

const time = z.number().nonnegative();
const axis = z
  .array(z.number().nonnegative())
  .min(1)
  .refine((values) => values.every((value, i) => i === 0 || value > (values[i - 1] ?? value)), {
    error: 'must ascend',
  });

const curve = z
  .strictObject({
    name: z.string(),
    callsPerLayer: z.int().nonnegative(),
    rows: axis,
    timesUs: z.array(time),
  })
  .refine(({ rows, timesUs }) => rows.length === timesUs.length, {
    error: 'needs one time for each row',
  });

/** Times in text: numbers apart by a space, `-N` for N cells that were not measured. */
const gridText = z.string().transform((text, context): GridTimes => {
  const times: GridTimes = [];
  for (const word of text.split(' ')) {
    const value = Number(word);
    const isGap = Number.isInteger(value) && value < 0;
    if (word === '' || !Number.isFinite(value) || (value < 0 && !isGap) || value < -MAX_CELLS) {
      context.addIssue({ code: 'custom', message: `"${word}" is neither a time nor a gap` });
      return z.NEVER;
    }
    if (isGap) for (let i = value; i < 0 && times.length < MAX_CELLS; i += 1) times.push(null);
    else times.push(value);
  }
  return times;
});

const MAX_CELLS = 1_000_000;

const fileSchema = z
  .strictObject({
    format: z.literal('tailrace-operator-table'),
    version: z.literal(1),
    model: z.string(),
    hardware: z.string(),
    tensorParallel: z.int().positive(),
    numberFormat: z.string(),
    engine: z.string(),
    source: z.strictObject({
      repository: z.string(),
      commit: z.string(),
      path: z.string(),
      licence: z.string(),
      note: z.string(),
    }),
    dense: z.array(curve).min(1),
    perSequence: z.array(curve),
    attention: z.strictObject({
      prefillTokens: axis,
      prefillContext: axis,
      decodes: axis,
      decodeContext: axis,
      timesUs: gridText,
    }),
    moe: z.strictObject({ tokens: axis, experts: axis, timesUs: gridText }).nullable(),
    skew: z.array(z.array(z.number()).length(6)).nullable(),
  })
  .refine(({ attention: a }) => cells(a) === a.timesUs.length, {
    error: 'attention.timesUs does not fill the grid of its axes',
  })
  .refine(
    ({ moe }) => moe === null || moe.tokens.length * moe.experts.length === moe.timesUs.length,
    {
      error: 'moe.timesUs does not fill the grid of its axes',
    },
  );

const cells = (
  grid: Pick<
    OperatorTable['attention'],
    'prefillTokens' | 'prefillContext' | 'decodes' | 'decodeContext'
  >,
) =>
  grid.prefillTokens.length *
  grid.prefillContext.length *
  grid.decodes.length *
  grid.decodeContext.length;

/** Reads a file of docs/formats/operator-table.md; TR_TRACE_INVALID names the field that is wrong. */
export function parseOperatorTable(content: unknown, place: string): Result<OperatorTable> {
  const parsed = fileSchema.safeParse(content);
  if (parsed.success) {
    const { format: _format, version: _version, ...table } = parsed.data;
    return ok(table);
  }
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? 'file';
  return fail(
    'TR_TRACE_INVALID',
    `${place}: ${field}: ${issue?.message ?? 'not valid'}; see docs/formats/operator-table.md`,
    { field },
  );
}

/** The text of such a file. Times keep four digits: repeats of a kernel differ by more. */
export function formatOperatorTable(table: OperatorTable): string {
  const { attention, moe } = table;
  const shortCurve = (one: OperatorTable['dense'][number]) => ({
    ...one,
    timesUs: one.timesUs.map(rounded),
  });
  const content = {
    format: 'tailrace-operator-table',
    version: 1,
    model: table.model,
    hardware: table.hardware,
    tensorParallel: table.tensorParallel,
    numberFormat: table.numberFormat,
    engine: table.engine,
    source: table.source,
    dense: table.dense.map(shortCurve),
    perSequence: table.perSequence.map(shortCurve),
    attention: { ...attention, timesUs: gridWords(attention.timesUs) },
    moe: moe === null ? null : { ...moe, timesUs: gridWords(moe.timesUs) },
    skew: table.skew,
  };
  return `${JSON.stringify(content)}\n`;
}

const rounded = (value: number): number => Number(value.toPrecision(4));

function gridWords(times: GridTimes): string {
  const words: string[] = [];
  let gap = 0;
  for (const value of times) {
    if (value === null) {
      gap += 1;
      continue;
    }
    if (gap > 0) words.push(`-${gap}`);
    gap = 0;
    words.push(String(rounded(value)));
  }
  if (gap > 0) words.push(`-${gap}`);
  return words.join(' ');
}
