import { parseArgs } from 'node:util';
import { nearest } from '../config/nearest.ts';
import { fail, ok, type Result } from '../records/errors.ts';
import type { Command, Option, OptionValues } from './command.ts';
import { optionsOf } from './help.ts';

export interface ParsedArgs {
  values: OptionValues;
  positionals: string[];
}

type ParseOption = NonNullable<Parameters<typeof parseArgs>[0]>['options'];

function toParseOptions(options: Record<string, Option>): NonNullable<ParseOption> {
  return Object.fromEntries(
    Object.entries(options).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short === undefined ? {} : { short }), multiple: multiple ?? false },
    ]),
  );
}

/** Parses what follows the command's name. TR_USAGE names the argument at fault and the nearest one. */
export function parseCommandArgs(command: Command, args: string[]): Result<ParsedArgs> {
  const options = optionsOf(command);
  const parseOptions = toParseOptions(options);
  const loose = parseArgs({
    args,
    options: parseOptions,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of loose.tokens) {
    if (token.kind === 'option' && !Object.hasOwn(options, token.name)) {
      return unknownOption(command, token.rawName, token.name, Object.keys(options));
    }
  }
  try {
    const parsed = parseArgs({ args, options: parseOptions, allowPositionals: true });
    const { positionals } = parsed;
    const surplus = positionals[command.positionalsMax];
    if (surplus !== undefined) {
      return usage(command, `"${surplus}" is one argument too many`);
    }
    return ok({ values: { ...parsed.values }, positionals });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return usage(command, (message.split('\n', 1)[0] ?? '').replace(/\.$/, ''));
  }
}

function unknownOption(
  command: Command,
  rawName: string,
  name: string,
  known: string[],
): Result<ParsedArgs> {
  const meant = nearest(name, known);
  const hint = meant === null ? '' : ` (did you mean --${meant}?)`;
  return usage(command, `there is no option ${rawName}${hint}`);
}

const usage = (command: Command, message: string): Result<ParsedArgs> =>
  fail('TR_USAGE', `${message}; see tailrace help ${command.name}`);
