import type { z } from 'zod';
import { nearest } from './nearest.ts';
import type { Path, Problem } from './problems.ts';
import { validKeys } from './schema-lookup.ts';
import type { YamlTree } from './yaml-tree.ts';

type Issue = z.core.$ZodIssue;

/**
 * Turns one schema issue into problems with place and words; one per unknown key. `keysOf` tells which
 * keys a map may have, in whatever schema was broken.
 */
export function describeIssue(
  issue: Issue,
  tree: YamlTree,
  keysOf: (path: Path) => string[] = validKeys,
): Problem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey([...path, key], tree, keysOf));
  }
  const value = valueAt(tree.value, path);
  const choices = choicesOf(issue);
  const suggestion = typeof value === 'string' ? nearest(value, choices) : null;
  return [
    {
      code: 'TR_CONFIG_INVALID',
      path,
      position: tree.positionOf(path),
      message: message(issue, value, choices),
      suggestion,
    },
  ];
}

function unknownKey(path: Path, tree: YamlTree, keysOf: (path: Path) => string[]): Problem {
  const key = String(path.at(-1));
  const known = keysOf(path.slice(0, -1));
  return {
    code: 'TR_CONFIG_INVALID',
    path,
    position: tree.keyPositionOf(path),
    message: 'is not a known key',
    suggestion: nearest(key, known),
  };
}

export function valueAt(root: unknown, path: Path): unknown {
  let at = root;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string | number, unknown>)[part];
  }
  return at;
}

/** Words that the value may be, where it must be one of a few. */
function choicesOf(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union') return [];
  // zod reports the discriminator's values here, but its types do not say so.
  const options: unknown = 'options' in issue ? issue.options : undefined;
  if (Array.isArray(options)) return options.map(String);
  return issue.errors.flatMap((form) => form.flatMap(choicesOf));
}

const KIND: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
};

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return KIND[typeof value] ?? `a ${typeof value}`;
}

function message(issue: Issue, value: unknown, choices: string[]): string {
  if (value === undefined) return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'int' && typeof value === 'number') return 'must be a whole number';
      return `must be ${KIND[issue.expected] ?? issue.expected}, but is ${kindOf(value)}`;
    case 'too_small':
      return `must be ${issue.inclusive ? 'at least' : 'more than'} ${amount(issue.minimum, value)}`;
    case 'too_big':
      return `must be ${issue.inclusive ? 'at most' : 'less than'} ${amount(issue.maximum, value)}`;
    case 'invalid_value':
      return `must be one of ${choices.join(', ')}`;
    case 'invalid_union':
      return unionMessage(issue, choices);
    case 'invalid_format':
      return issue.format === 'url'
        ? 'must be an http:// or https:// URL'
        : `must be ${issue.message}`;
    default:
      return issue.message;
  }
}

function unionMessage(issue: z.core.$ZodIssueInvalidUnion, choices: string[]): string {
  const kinds = issue.errors.flatMap((form) =>
    form.flatMap((one) =>
      one.code === 'invalid_type' ? [KIND[one.expected] ?? one.expected] : [],
    ),
  );
  return `must be one of ${[...choices, ...new Set(kinds)].join(', ')}`;
}

function amount(bound: number | bigint, value: unknown): string {
  if (Array.isArray(value)) return `${bound} ${bound === 1 ? 'item' : 'items'} long`;
  if (typeof value === 'string') return `${bound} ${bound === 1 ? 'character' : 'characters'} long`;
  return String(bound);
}
