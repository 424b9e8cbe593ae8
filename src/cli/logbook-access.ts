import { z } from 'zod';
import { logbookEntry, type LogbookEntry } from '../records/logbook-entry.ts';
import { TailraceError } from '../records/errors.ts';
import type { CommandContext, Option } from './command.ts';
import type { Instance } from './instance.ts';
import { textValue } from './option-values.ts';
import { openScoreInstance } from './score-instance.ts';

/** Options of every command that writes to the logbook. */
export const logbookOptions: Record<string, Option> = {
  config: {
    type: 'string',
    short: 'c',
    value: 'FILE',
    description: 'configuration to read with when no instance runs',
  },
  json: { type: 'boolean', description: 'print the result as JSON' },
};

/** Opens the running instance or the state folder for one thing, and closes it. */
export async function withLogbook<T>(
  context: CommandContext,
  use: (instance: Instance) => Promise<T>,
): Promise<T> {
  const instance = await openScoreInstance(context, true);
  try {
    return await use(instance);
  } finally {
    await instance.close();
  }
}

/** The entry that a reply holds. */
export function entryOf(reply: unknown): LogbookEntry {
  const parsed = logbookEntry.safeParse(reply);
  if (parsed.success) return parsed.data;
  const message = 'the instance answered in a form that this version does not know';
  throw new TailraceError('TR_INTERNAL', message, { cause: parsed.error });
}

const config = z.looseObject({ services: z.array(z.looseObject({ name: z.string() })) });

/** The service that was named; the only one there is when none was. TR_USAGE names them. */
export async function serviceOf(context: CommandContext, instance: Instance): Promise<string> {
  const named = textValue(context.values, 'service');
  const { services } = config.parse(await instance.getJson('/api/v1/config'));
  const names = services.map((one) => one.name);
  const [only] = names;
  if (named === undefined && names.length === 1 && only !== undefined) return only;
  if (named !== undefined && names.includes(named)) return named;
  const said = named === undefined ? 'is needed' : `is not "${named}"`;
  throw new TailraceError('TR_USAGE', `--service ${said}: one of ${names.join(', ')}`, {
    field: 'service',
  });
}

/** A text that has to be given. */
export function needed(context: CommandContext, name: string, what: string): string {
  const value = textValue(context.values, name);
  if (value !== undefined && value !== '') return value;
  throw new TailraceError('TR_USAGE', `--${name} is needed: ${what}`, { field: name });
}

/** Who says so: --by, else the user of this machine. */
export const personOf = ({ values, env }: CommandContext): string =>
  textValue(values, 'by') ?? env['USER'] ?? env['LOGNAME'] ?? 'unknown';
