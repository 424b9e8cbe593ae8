/**
 * `tailrace.yaml` to a frozen, typed value. Reads files, never writes, never throws for bad input.
 * A file of a thousand lines takes a few milliseconds; nothing here is on the request path.
 */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fail, ok, type Result } from '../records/errors.ts';
import { catalogNames } from './catalog-names.ts';
import { coerceSubstituted } from './coerce.ts';
import { crossCheck, type Finding } from './cross-check.ts';
import { defaultConfig } from './defaults.ts';
import { describeIssue } from './describe-issue.ts';
import { deepFreeze } from './freeze.ts';
import { ConfigError, formatPath, type Problem } from './problems.ts';
import { type Config, configSchema } from './schema.ts';
import type { SubstitutionSource } from './substitute.ts';
import { parseYamlTree, type YamlTree } from './yaml-tree.ts';

/** A configuration in force. */
export interface LoadedConfig {
  /** Deeply frozen. */
  config: Config;
  /** Absolute path; null for the built-in defaults. */
  file: string | null;
  /** Formatted paths of what was substituted from the environment or a file; see `maskConfig`. */
  secretPaths: ReadonlySet<string>;
  /** Doubtful, but not refused. */
  warnings: readonly Problem[];
}

export interface ParseOptions extends SubstitutionSource {
  /** Name of the file in messages. */
  file: string;
}

/** Largest configuration or secret file, bytes. */
export const MAX_FILE_BYTES = 1_048_576;

/** The file that is looked for when none is named. */
export const CONFIG_FILE = 'tailrace.yaml';

/**
 * Parses the text of a configuration file. Errors are a `ConfigError` with every problem found:
 * TR_CONFIG_SECRET when only `${...}` failed, else TR_CONFIG_INVALID.
 */
export function parseConfig(text: string, options: ParseOptions): Result<LoadedConfig> {
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) {
    return fail('TR_CONFIG_INVALID', `${options.file}: is larger than ${MAX_FILE_BYTES} bytes`);
  }
  const tree = parseYamlTree(text, options);
  // After a syntax error the rest of the file cannot be trusted; secrets may be told together
  // with what else is wrong.
  if (tree.problems.some((problem) => problem.code === 'TR_CONFIG_INVALID')) {
    return refuse(options.file, tree.problems);
  }
  if (tree.value === null) {
    return fail('TR_CONFIG_INVALID', `${options.file}: is empty; see docs/configuration.md`);
  }
  let parsed = configSchema.safeParse(tree.value);
  if (!parsed.success && coerceSubstituted(tree, parsed.error.issues)) {
    parsed = configSchema.safeParse(tree.value);
  }
  if (!parsed.success) {
    const problems = parsed.error.issues
      .flatMap((issue) => describeIssue(issue, tree))
      .filter((problem) => !tree.failedPaths.has(formatPath(problem.path)));
    return refuse(options.file, [...tree.problems, ...problems]);
  }
  return conclude(parsed.data, options.file, tree);
}

function conclude(config: Config, file: string, tree: YamlTree): Result<LoadedConfig> {
  const findings = crossCheck(config, catalogNames, tree.secretPaths);
  const toProblem = (finding: Finding): Problem => ({
    code: 'TR_CONFIG_INVALID',
    path: finding.path,
    position: tree.positionOf(finding.path),
    message: finding.message,
    suggestion: finding.suggestion,
  });
  const errors = findings.filter((one) => one.severity === 'error').map(toProblem);
  if (errors.length + tree.problems.length > 0) return refuse(file, [...tree.problems, ...errors]);
  const warnings = findings.filter((one) => one.severity === 'warning').map(toProblem);
  deepFreeze(config);
  return ok({ config, file, secretPaths: tree.secretPaths, warnings });
}

const refuse = (file: string, problems: Problem[]): Result<LoadedConfig> => ({
  ok: false,
  error: new ConfigError(file, problems),
});

export interface LoadOptions {
  /** As the user gave it; null: `tailrace.yaml` in `cwd`, or the defaults when there is none. */
  path: string | null;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
}

/** Reads and parses the configuration, or makes the default one. */
export function loadConfig(options: LoadOptions): Result<LoadedConfig> {
  const file = resolve(options.cwd, options.path ?? CONFIG_FILE);
  const text = readText(file);
  if (text === null) {
    if (options.path === null) return ok(defaultLoaded());
    return fail('TR_CONFIG_INVALID', `${file}: there is no such file`);
  }
  if (!text.ok) return text;
  return parseConfig(text.value, {
    file,
    env: options.env,
    readFile: secretFileReader(file),
  });
}

/** The built-in configuration, as if it had been loaded. */
export function defaultLoaded(): LoadedConfig {
  return { config: defaultConfig(), file: null, secretPaths: new Set(), warnings: [] };
}

/** Reads the files of `${file:path}`; relative paths are relative to the configuration's folder. */
export function secretFileReader(configFile: string): (path: string) => string {
  return (path) => {
    const text = readText(resolve(dirname(configFile), path));
    if (text === null) throw new Error('there is no such file');
    if (!text.ok) throw text.error;
    return text.value;
  };
}

/** Text of a regular UTF-8 file of bounded size; null when there is none. */
export function readText(file: string): Result<string> | null {
  try {
    const stat = statSync(file);
    if (!stat.isFile()) return fail('TR_CONFIG_INVALID', `${file}: is not a regular file`);
    if (stat.size > MAX_FILE_BYTES) {
      return fail('TR_CONFIG_INVALID', `${file}: is larger than ${MAX_FILE_BYTES} bytes`);
    }
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      return fail('TR_CONFIG_INVALID', `${file}: is not UTF-8 text`, { cause });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    return fail('TR_CONFIG_INVALID', `${file}: cannot be read: ${reason}`, { cause });
  }
}
