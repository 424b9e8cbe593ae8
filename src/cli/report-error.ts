import { ConfigError } from '../config/problems.ts';
import { errorRegistry, type ErrorCode, TailraceError } from '../records/errors.ts';
import { EXIT } from './command.ts';
import type { CliIo } from './io.ts';

/** Failures that the command line itself caused. */
const USAGE_CODES: ReadonlySet<ErrorCode> = new Set(['TR_USAGE', 'TR_WINDOW_INVALID']);

/**
 * Prints what went wrong on standard error, as `error TR_X: message` or, for `--json`, as one JSON
 * object of the API's error shape. Returns the exit code: 2 for wrong usage, else 1.
 */
export function reportError(error: unknown, io: CliIo, isJson: boolean): number {
  const coded = error instanceof TailraceError ? error : null;
  const code = coded?.code ?? 'TR_INTERNAL';
  const message = error instanceof Error ? error.message : String(error);
  io.stderr.write(isJson ? `${jsonError(code, message, coded)}\n` : textError(code, message));
  if (coded === null && !isJson && error instanceof Error && error.stack !== undefined) {
    io.stderr.write(`${error.stack.split('\n').slice(1).join('\n')}\n`);
  }
  return USAGE_CODES.has(code) ? EXIT.usage : EXIT.failed;
}

/** Many lines (a configuration's problems) stand alone, so that terminals link `file:line:col`. */
function textError(code: ErrorCode, message: string): string {
  if (!message.includes('\n')) return `error ${code}: ${message}\n`;
  return `error ${code}: ${errorRegistry[code].summary}\n${message}\n`;
}

function jsonError(code: ErrorCode, message: string, error: TailraceError | null): string {
  const problems = error instanceof ConfigError ? { problems: error.problems } : {};
  return JSON.stringify({ error: { code, message, field: error?.field ?? null, ...problems } });
}
