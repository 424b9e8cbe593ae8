import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Pair,
  type YAMLMap,
} from 'yaml';
import { hasSubstitution, substitute, type SubstitutionSource } from './substitute.ts';
import { type Path, formatPath, type Position, type Problem } from './problems.ts';

/** A parsed file: its plain value, and for each path where it stands and what was substituted. */
export interface YamlTree {
  /** Maps have no prototype, so that no key means more than itself. */
  value: unknown;
  /** Nearest known position of a path: its own, or that of what it is missing from. */
  positionOf(path: Path): Position | null;
  /** Position of a key, where it differs from that of its value. */
  keyPositionOf(path: Path): Position | null;
  /** Formatted paths whose text came in part from the environment or a file. */
  secretPaths: ReadonlySet<string>;
  /** Formatted paths that held any `${...}`. */
  substitutedPaths: ReadonlySet<string>;
  /** Formatted paths whose substitution failed; their value is null. */
  failedPaths: ReadonlySet<string>;
  problems: Problem[];
}

/** Bounds against alias bombs and absurd nesting; a real file stays far below them. */
const MAX_NODES = 50_000;
const MAX_DEPTH = 64;

/** Deeper nesting would exhaust the parser's stack: brackets are its only cheap recursion. */
const MAX_OPEN_BRACKETS = 2_000;

interface Walk {
  anchors: Map<string, Node>;
  /** How many aliases the walk is inside of. */
  aliasDepth: number;
  lines: LineCounter;
  source: SubstitutionSource;
  nodes: number;
  overflow: boolean;
  positions: Map<string, Position>;
  keyPositions: Map<string, Position>;
  secretPaths: Set<string>;
  substitutedPaths: Set<string>;
  failedPaths: Set<string>;
  problems: Problem[];
}

/** Parses YAML 1.2 text. Never throws: whatever is wrong is in `problems`. */
export function parseYamlTree(text: string, source: SubstitutionSource): YamlTree {
  const lines = new LineCounter();
  const problems: Problem[] = [];
  const document = parseSafely(text, lines, problems);
  const walk: Walk = {
    anchors: new Map(),
    aliasDepth: 0,
    lines,
    source,
    nodes: 0,
    overflow: false,
    positions: new Map(),
    keyPositions: new Map(),
    secretPaths: new Set(),
    substitutedPaths: new Set(),
    failedPaths: new Set(),
    problems,
  };
  const root = problems.length === 0 ? (document?.contents ?? null) : null;
  const value = root === null ? null : toValue(walk, root, [], 0);
  return {
    value,
    positionOf: (path) => nearestPosition(walk.positions, path),
    keyPositionOf: (path) =>
      walk.keyPositions.get(formatPath(path)) ?? nearestPosition(walk.positions, path),
    secretPaths: walk.secretPaths,
    substitutedPaths: walk.substitutedPaths,
    failedPaths: walk.failedPaths,
    problems,
  };
}

function parseSafely(text: string, lines: LineCounter, problems: Problem[]): Document | null {
  if (!bracketsAreBounded(text)) {
    problems.push(problem([], null, `is nested deeper than ${MAX_DEPTH} levels`));
    return null;
  }
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      // Duplicates are found below in linear time, with both positions at hand.
      uniqueKeys: false,
      // Not 'silent', which would also hide that there are several documents.
      logLevel: 'error',
      resolveKnownTags: false,
    });
    for (const error of document.errors.slice(0, 20)) {
      const position = positionAt(lines, error.pos[0]);
      problems.push(problem([], position, `is not valid YAML: ${firstLine(error.message)}`));
    }
    return document;
  } catch (error) {
    const reason = error instanceof Error ? firstLine(error.message) : 'unknown fault';
    problems.push(problem([], null, `is not valid YAML: ${reason}`));
    return null;
  }
}

/** Counts every bracket as if it opened a level: crude, and never less than the true depth. */
function bracketsAreBounded(text: string): boolean {
  let open = 0;
  for (const char of text) {
    if (char === '[' || char === '{') open += 1;
    else if ((char === ']' || char === '}') && open > 0) open -= 1;
    if (open > MAX_OPEN_BRACKETS) return false;
  }
  return true;
}

function toValue(walk: Walk, node: Node | null, path: Path, depth: number): unknown {
  walk.nodes += 1;
  if (walk.overflow || isTooMuch(walk, node, depth) || node === null) return null;
  const at = nodePosition(walk, node);
  if (at !== null) walk.positions.set(formatPath(path), at);
  if (isAlias(node)) return aliasValue(walk, node, path, depth);
  // An alias means the latest anchor before it in the file, so a repeated visit does not count.
  if (walk.aliasDepth === 0 && 'anchor' in node && typeof node.anchor === 'string') {
    walk.anchors.set(node.anchor, node);
  }
  if (isMap(node)) return mapValue(walk, node, path, depth);
  if (isSeq(node)) {
    return node.items.map((item, i) => toValue(walk, item as Node, [...path, i], depth + 1));
  }
  return isScalar(node) ? scalarValue(walk, node.value, path) : null;
}

/** The first time that a bound is passed is told; from then on nothing is expanded. */
function isTooMuch(walk: Walk, node: Node | null, depth: number): boolean {
  const isDeep = depth > MAX_DEPTH;
  if (!isDeep && walk.nodes <= MAX_NODES) return false;
  walk.overflow = true;
  const message = isDeep
    ? `is nested deeper than ${MAX_DEPTH} levels`
    : `expands to more than ${MAX_NODES} values`;
  walk.problems.push(problem([], nodePosition(walk, node), message));
  return true;
}

function aliasValue(walk: Walk, alias: Alias, path: Path, depth: number): unknown {
  const target = walk.anchors.get(alias.source);
  if (target === undefined) {
    const message = `there is no anchor &${alias.source} before this`;
    walk.problems.push(problem(path, nodePosition(walk, alias), message));
    return null;
  }
  walk.aliasDepth += 1;
  const value = toValue(walk, target, path, depth + 1);
  walk.aliasDepth -= 1;
  return value;
}

function mapValue(walk: Walk, node: YAMLMap, path: Path, depth: number): unknown {
  const out: Record<string, unknown> = Object.create(null);
  for (const item of node.items as Array<Pair<Node | null, Node | null>>) {
    const keyNode = item.key;
    const position = nodePosition(walk, keyNode ?? node);
    const name = keyName(keyNode);
    if (name === null) {
      walk.problems.push(problem(path, position, 'has a key that is not a plain name'));
      continue;
    }
    const childPath = [...path, name];
    if (Object.hasOwn(out, name)) {
      const line = walk.keyPositions.get(formatPath(childPath))?.line ?? 0;
      walk.problems.push(problem(childPath, position, `is given twice (first on line ${line})`));
      continue;
    }
    if (position !== null) walk.keyPositions.set(formatPath(childPath), position);
    out[name] = toValue(walk, item.value, childPath, depth + 1);
    if (item.value === null && position !== null) {
      walk.positions.set(formatPath(childPath), position);
    }
  }
  return out;
}

/** YAML keys may be anything; a configuration needs names. `1:` and `true:` are taken as written. */
function keyName(node: Node | null): string | null {
  const value: unknown = isScalar(node) ? node.value : null;
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function scalarValue(walk: Walk, value: unknown, path: Path): unknown {
  if (typeof value !== 'string' || !hasSubstitution(value)) return value;
  const key = formatPath(path);
  walk.substitutedPaths.add(key);
  const result = substitute(value, walk.source);
  if (!result.ok) {
    walk.failedPaths.add(key);
    const position = walk.positions.get(key) ?? null;
    const { code, message } = result.error;
    walk.problems.push({ code, path, position, message, suggestion: null });
    return null;
  }
  if (result.value.secret) walk.secretPaths.add(key);
  return result.value.text;
}

const problem = (path: Path, position: Position | null, message: string): Problem => ({
  code: 'TR_CONFIG_INVALID',
  path,
  position,
  message,
  suggestion: null,
});

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

function nodePosition(walk: Walk, node: Node | null): Position | null {
  const offset = node?.range?.[0];
  return offset === undefined ? null : positionAt(walk.lines, offset);
}

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function nearestPosition(positions: Map<string, Position>, path: Path): Position | null {
  for (let length = path.length; length >= 0; length--) {
    const found = positions.get(formatPath(path.slice(0, length)));
    if (found !== undefined) return found;
  }
  return null;
}
