import type { z } from 'zod';
import { valueAt } from './describe-issue.ts';
import { formatPath } from './problems.ts';
import type { YamlTree } from './yaml-tree.ts';

type Issue = z.core.$ZodIssue;

/** A JSON number, so that nobody's `0x10` or ` 7 ` turns into something they did not mean. */
const NUMBER = /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?$/;

/**
 * Substitution gives text, but `port: ${PORT:-8787}` wants a number. Where the schema asked for a
 * number or a boolean and a substituted text is one, it is replaced in the tree. Driven by the
 * schema, so that a key made of digits stays text. True when anything changed.
 */
export function coerceSubstituted(tree: YamlTree, issues: readonly Issue[]): boolean {
  let changed = false;
  for (const issue of issues) {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
    if (!tree.substitutedPaths.has(formatPath(path))) continue;
    const text = valueAt(tree.value, path);
    const parent = valueAt(tree.value, path.slice(0, -1));
    const key = path.at(-1);
    if (typeof text !== 'string' || key === undefined) continue;
    const value = readAs(text, wanted(issue));
    if (value === null || typeof parent !== 'object' || parent === null) continue;
    (parent as Record<string | number, unknown>)[key] = value;
    changed = true;
  }
  return changed;
}

/** Types that would satisfy the schema at the issue's own place. */
function wanted(issue: Issue): string[] {
  if (issue.code === 'invalid_type') return [issue.expected];
  if (issue.code !== 'invalid_union') return [];
  return issue.errors.flatMap((form) =>
    form.filter((inner) => inner.path.length === 0).flatMap(wanted),
  );
}

function readAs(text: string, types: string[]): number | boolean | null {
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  const numeric = types.includes('number') || types.includes('int');
  return numeric && NUMBER.test(text) ? Number(text) : null;
}
