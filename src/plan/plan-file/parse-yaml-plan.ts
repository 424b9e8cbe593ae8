import type { z } from 'zod';
import { describeIssue } from '../../config/describe-issue.ts';
import { formatPath, formatProblem, type Path, type Problem } from '../../config/problems.ts';
import { type JsonSchema, keysAt } from '../../config/schema-lookup.ts';
import { parseYamlTree, type YamlTree } from '../../config/yaml-tree.ts';
import { fail, ok, type Result } from '../../records/errors.ts';

/** A value that was given beside the file, and what it was given as, e.g. `--rate`. */
export interface PlanOverride {
  path: Path;
  value: unknown;
  from: string;
}

export interface PlanSource {
  /** Name of the file in messages. */
  file: string;
  /** Text of the plan; empty when everything is given beside it. */
  text: string;
  overrides: readonly PlanOverride[];
}

/** What is wrong with a plan beyond its shape. */
export interface PlanFinding {
  path: Path;
  message: string;
  suggestion: string | null;
}

/**
 * What a kind of plan must be: its schema, that schema as JSON Schema, and what a schema cannot
 * say.
 */
export interface PlanForm<T> {
  schema: z.ZodType<T>;
  jsonSchema(): JsonSchema;
  check(plan: T): readonly PlanFinding[];
}

/** Largest plan, bytes. */
const MAX_BYTES = 1_048_576;

/**
 * Parses a plan of one form. TR_PLAN_INVALID lists every problem: place (line and column, or the
 * option it was given as), path, what is wrong and the nearest fix.
 */
export function parseYamlPlan<T>(source: PlanSource, form: PlanForm<T>): Result<T> {
  const { file, text, overrides } = source;
  if (Buffer.byteLength(text) > MAX_BYTES) {
    return fail('TR_PLAN_INVALID', `${file}: is larger than ${MAX_BYTES} bytes`);
  }
  const tree = parseYamlTree(text, { env: {}, readFile: refuseFile });
  if (tree.problems.length > 0) return refuse(file, tree.problems, overrides);
  const value: unknown = tree.value ?? {};
  if (typeof value === 'object' && !Array.isArray(value)) {
    for (const { path, value: given } of overrides) setAt(value, path, given);
  }
  const parsed = form.schema.safeParse(value);
  if (!parsed.success) {
    const withValue: YamlTree = { ...tree, value };
    const keysOf = (path: Path): string[] => keysAt(form.jsonSchema(), path);
    const problems = parsed.error.issues.flatMap((one) => describeIssue(one, withValue, keysOf));
    return refuse(file, problems, overrides);
  }
  const findings = form.check(parsed.data);
  if (findings.length === 0) return ok(parsed.data);
  const problems = findings.map(({ path, message, suggestion }): Problem => {
    const position = tree.positionOf(path);
    return { code: 'TR_PLAN_INVALID', path, position, message, suggestion };
  });
  return refuse(file, problems, overrides);
}

function refuseFile(): string {
  throw new Error('a plan holds no secrets: write the value itself');
}

/** Writes into plain maps; what is in the way and not a map is replaced. */
function setAt(root: unknown, path: Path, value: unknown): void {
  let at = root as Record<string, unknown>;
  for (const part of path.slice(0, -1)) {
    const next = at[part];
    const map = typeof next === 'object' && next !== null && !Array.isArray(next) ? next : {};
    at[part] = map;
    at = map as Record<string, unknown>;
  }
  at[String(path.at(-1))] = value;
}

function refuse(
  file: string,
  problems: readonly Problem[],
  overrides: readonly PlanOverride[],
): Result<never> {
  const lines = problems.map((problem) => {
    const from = overrides.find(({ path }) => startsWith(problem.path, path))?.from;
    return formatProblem(
      from ?? file,
      from === undefined ? problem : { ...problem, position: null },
    );
  });
  const field = formatPath(problems[0]?.path ?? []);
  return fail('TR_PLAN_INVALID', lines.join('\n'), field === '' ? {} : { field });
}

const startsWith = (path: Path, start: Path): boolean => start.every((part, i) => path[i] === part);
