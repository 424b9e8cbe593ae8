import { fail, ok, type Result } from '../records/errors.ts';

/** Where `${...}` values come from; `readFile` throws where a file cannot be read. */
export interface SubstitutionSource {
  env: Readonly<Record<string, string | undefined>>;
  readFile(path: string): string;
}

export interface Substituted {
  text: string;
  /** True when any part came from the environment or a file, so that it must not be shown. */
  secret: boolean;
}

/** Longest value of one substitution, characters: certificates fit, mistaken paths do not. */
const MAX_VALUE_CHARS = 65_536;
const ENV = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([^]*))?$/;
const PIECE = /\$\$\{|\$\{([^}]*)(\})?/g;

/**
 * Replaces `${NAME}`, `${NAME:-default}` and `${file:path}` in one string; `$${` stands for a
 * literal `${`. An unset or empty variable without a default, and a file that cannot be read, are
 * TR_CONFIG_SECRET; anything else after `${` is TR_CONFIG_INVALID. Values are not looked into again.
 */
export function substitute(text: string, source: SubstitutionSource): Result<Substituted> {
  let out = '';
  let end = 0;
  let secret = false;
  for (const match of text.matchAll(PIECE)) {
    out += text.slice(end, match.index);
    end = match.index + match[0].length;
    if (match[0] === '$${') {
      out += '${';
      continue;
    }
    const inner = match[2] === undefined ? null : (match[1] ?? '');
    const value = inner === null ? unclosed() : resolve(inner, source);
    if (!value.ok) return value;
    out += value.value.text;
    secret ||= value.value.secret;
  }
  return ok({ text: out + text.slice(end), secret });
}

/** True when `text` holds something that `substitute` would act on. */
export const hasSubstitution = (text: string): boolean => text.includes('${');

const unclosed = (): Result<Substituted> =>
  fail('TR_CONFIG_INVALID', '"${" has no closing "}"; write "$${" for a literal "${"');

function resolve(inner: string, source: SubstitutionSource): Result<Substituted> {
  if (inner.startsWith('file:')) return fromFile(inner.slice('file:'.length), source);
  const match = ENV.exec(inner);
  const name = match?.[1];
  if (name === undefined) {
    const message = 'is not ${NAME}, ${NAME:-default} or ${file:path}; "$${" is a literal "${"';
    return fail('TR_CONFIG_INVALID', message);
  }
  const value = Object.hasOwn(source.env, name) ? source.env[name] : undefined;
  if (value !== undefined && value !== '') return capped(value, `environment variable ${name}`);
  if (match?.[2] !== undefined) return ok({ text: match[2], secret: false });
  const state = value === undefined ? 'is not set' : 'is empty';
  const fix = `set it, or give a default: \${${name}:-...}`;
  return fail('TR_CONFIG_SECRET', `environment variable ${name} ${state}; ${fix}`);
}

function fromFile(path: string, source: SubstitutionSource): Result<Substituted> {
  if (path === '') return fail('TR_CONFIG_INVALID', '${file:} names no file');
  try {
    const text = source.readFile(path).replace(/\r?\n$/, '');
    if (text === '') return fail('TR_CONFIG_SECRET', `file ${path} is empty`);
    return capped(text, `file ${path}`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return fail('TR_CONFIG_SECRET', `file ${path} cannot be read: ${reason}`, { cause });
  }
}

function capped(text: string, from: string): Result<Substituted> {
  if (text.length <= MAX_VALUE_CHARS) return ok({ text, secret: true });
  return fail('TR_CONFIG_SECRET', `${from} is longer than ${MAX_VALUE_CHARS} characters`);
}
