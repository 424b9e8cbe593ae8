import { posix } from 'node:path';

/**
 * Read side of measure: what answers questions, with the formulas and the readers of outside files;
 * never what writes.
 */
const MEASURE_READS = [
  'measure/ledger/ledger.ts',
  'measure/answers/',
  'measure/bench-files/',
  'measure/bottleneck/',
  'measure/cost/',
  'measure/energy/',
  'measure/probes/evidence/',
  'measure/sketch/',
  'measure/sources/',
  'measure/telemetry/read-resource-samples.ts',
];

/** For each room under src/ what it may import besides itself: folders end with `/`. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[] | 'all'>> = {
  records: [],
  catalog: ['records/'],
  config: ['records/', 'catalog/'],
  serve: ['records/', 'catalog/', 'config/'],
  measure: ['records/', 'catalog/', 'config/'],
  plan: ['records/', 'catalog/', 'config/', 'serve/routing/', ...MEASURE_READS],
  govern: ['records/', 'catalog/', 'config/', ...MEASURE_READS],
  api: 'all',
  cli: 'all',
  supervise: 'all',
  'main.ts': 'all',
};

export interface Import {
  /** Path under src/ of the file that imports, with `/`. */
  from: string;
  line: number;
  /** Path under src/ of what is imported; starts with `../` when outside. */
  to: string;
}

/** `import ... from`, `export ... from`, `import '...'` at a line's start, and `import('...')`. */
const STATEMENT =
  /^(?:import|export)\b(?:[^'";=]*?\bfrom)?\s*(['"])([^'"\n]+)\1|\bimport\(\s*(['"])([^'"\n]+)\3/gm;

/** Relative imports of one file. `text` is formatted source, one statement per line start. */
export function readImports(from: string, text: string): Import[] {
  return [...text.matchAll(STATEMENT)].flatMap((match) => {
    const target = match[2] ?? match[4] ?? '';
    if (!target.startsWith('.')) return [];
    const line = text.slice(0, match.index).split('\n').length;
    return [{ from, line, to: posix.normalize(posix.join(posix.dirname(from), target)) }];
  });
}

const roomOf = (path: string): string => path.split('/', 1)[0] ?? '';

/** Why an import is not allowed; null when it is. */
export function violation({ from, line, to }: Import): string | null {
  const room = roomOf(from);
  const rule = MAY_IMPORT[room];
  const place = `src/${from}:${line} imports ${to}`;
  if (rule === undefined) return `${place}: the room ${room} is not in the table`;
  if (roomOf(to) === room) return null;
  if (rule === 'all') return to === 'main.ts' ? `${place}: nothing imports main.ts` : null;
  return rule.some((allowed) => to === allowed || (allowed.endsWith('/') && to.startsWith(allowed)))
    ? null
    : `${place}: ${room} may import ${rule.join(', ') || 'nothing'}`;
}
