import { resolve } from 'node:path';
import { readText } from '../config/load.ts';
import { parsePlan, type PlanOverride } from '../plan/plan-file/parse-plan.ts';
import type { PlanSource } from '../plan/plan-file/parse-yaml-plan.ts';
import type { Plan } from '../plan/plan-file/plan-schema.ts';
import { TailraceError } from '../records/errors.ts';
import type { CommandContext, Option } from './command.ts';
import { usage } from './load-options.ts';
import { textValue } from './option-values.ts';

/** An option that stands for a value of plan.yaml. */
export interface PlanOption {
  option: Option;
  path: ReadonlyArray<string>;
  /** Reads the text; throws TR_USAGE where it cannot be read at all. Ranges are the plan's to check. */
  read: (text: string, name: string) => unknown;
}

const NUMBER = /^-?\d{1,12}(\.\d{1,12})?$/;

export const readNumber = (text: string, name: string): number => {
  if (NUMBER.test(text)) return Number(text);
  throw usage(name, `takes a number such as 2.5, not "${text}"`);
};

export const readWord = (text: string): string => text;

export const readTexts = (text: string): string[] => text.split(',').map((one) => one.trim());

export const readNumbers = (text: string, name: string): number[] =>
  readTexts(text).map((one) => readNumber(one, name));

/** `512` or `128-2048`. */
export const readRange = (text: string, name: string): unknown => {
  const match = /^(\d{1,7})-(\d{1,7})$/.exec(text);
  if (match === null) return readNumber(text, name);
  return { min: Number(match[1]), max: Number(match[2]) };
};

export const option = (
  path: string,
  value: string,
  description: string,
  read: PlanOption['read'] = readNumber,
): PlanOption => ({
  option: { type: 'string', value, description },
  path: path.split('.'),
  read,
});

/** The options as a command lists them. */
export const optionTable = (options: Record<string, PlanOption>): Record<string, Option> =>
  Object.fromEntries(Object.entries(options).map(([name, one]) => [name, one.option]));

/**
 * The plan of a command: the file of its positional argument, if any, with the options on top. Throws
 * TR_PLAN_INVALID or TR_USAGE naming the field, its place and the fix.
 */
export function planOf(
  context: CommandContext,
  options: Record<string, PlanOption>,
  extra: readonly PlanOverride[] = [],
): Plan {
  const plan = parsePlan(planSource(context, options, extra));
  if (!plan.ok) throw plan.error;
  return plan.value;
}

/** What a plan is parsed from: file and options, for plans of any form. Throws as planOf. */
export function planSource(
  context: CommandContext,
  options: Record<string, PlanOption>,
  extra: readonly PlanOverride[] = [],
): PlanSource {
  const [file] = context.positionals;
  const overrides = Object.entries(options).flatMap(([name, { path, read }]): PlanOverride[] => {
    const text = textValue(context.values, name);
    return text === undefined ? [] : [{ path, value: read(text, name), from: `--${name}` }];
  });
  return {
    file: file ?? 'options',
    text: file === undefined ? '' : textOf(resolve(context.cwd, file)),
    overrides: [...overrides, ...extra],
  };
}

function textOf(path: string): string {
  const text = readText(path);
  if (text === null) {
    throw new TailraceError('TR_PLAN_INVALID', `${path}: there is no such file`, { field: 'PLAN' });
  }
  if (!text.ok) throw new TailraceError('TR_PLAN_INVALID', text.error.message, { field: 'PLAN' });
  return text.value;
}
