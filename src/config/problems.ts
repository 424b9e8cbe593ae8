import { type ErrorCode, TailraceError } from '../records/errors.ts';

/** Where a value stands in its file; lines and columns count from 1. */
export interface Position {
  line: number;
  column: number;
}

export type Path = ReadonlyArray<string | number>;

/** One thing wrong with a configuration file (or, as a warning, doubtful about it). */
export interface Problem {
  code: ErrorCode;
  path: Path;
  /** Null where no place in a file is at fault. */
  position: Position | null;
  message: string;
  /** What the author most likely meant. */
  suggestion: string | null;
}

/** Problems shown in one message; the rest are counted. */
const MAX_SHOWN = 50;

/** `services[0].slo.ttftMs`; the empty path is the file itself. */
export function formatPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[a-z_$][\w$-]*$/i.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}

/** `file:line:col: path: message (did you mean x?)`, the form that editors and terminals link. */
export function formatProblem(file: string, problem: Problem): string {
  const { position, suggestion } = problem;
  const place = position === null ? file : `${file}:${position.line}:${position.column}`;
  const path = formatPath(problem.path);
  const hint = suggestion === null ? '' : ` (did you mean ${suggestion}?)`;
  return `${place}: ${path === '' ? '' : `${path}: `}${problem.message}${hint}`;
}

/** A configuration that is refused, with everything that is wrong with it, in file order. */
export class ConfigError extends TailraceError {
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    const sorted = problems.toSorted(byPosition);
    const lines = sorted.slice(0, MAX_SHOWN).map((problem) => formatProblem(file, problem));
    if (sorted.length > MAX_SHOWN) lines.push(`and ${sorted.length - MAX_SHOWN} more`);
    const secretsOnly = sorted.every((problem) => problem.code === 'TR_CONFIG_SECRET');
    const field = formatPath(sorted[0]?.path ?? []);
    super(
      secretsOnly && sorted.length > 0 ? 'TR_CONFIG_SECRET' : 'TR_CONFIG_INVALID',
      lines.join('\n'),
      field === '' ? {} : { field },
    );
    this.name = 'ConfigError';
    this.problems = sorted;
  }
}

function byPosition(a: Problem, b: Problem): number {
  const lines = (a.position?.line ?? 0) - (b.position?.line ?? 0);
  return lines === 0 ? (a.position?.column ?? 0) - (b.position?.column ?? 0) : lines;
}
