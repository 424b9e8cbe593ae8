import type { Comparison } from '../measure/probes/evidence/compare-runs.ts';
import type { Recorded } from '../measure/probes/evidence/record-run.ts';
import { instant, share } from './answer-units.ts';
import { twoColumns } from './help.ts';

/** Rows of name and figure under a heading, then notes. */
export function renderProbe(page: {
  title: string;
  verdict: string;
  rows: ReadonlyArray<readonly [string, string]>;
  notes: readonly string[];
}): string {
  return [
    page.title,
    `  ${page.verdict}`,
    '',
    twoColumns(page.rows),
    ...(page.notes.length === 0 ? [] : ['', ...page.notes.map((note) => `  note: ${note}`)]),
    '',
  ].join('\n');
}

/** How the run compares with the last one alike. */
export function renderComparison(recorded: Recorded): string {
  const skipped =
    recorded.skipped === 0 ? '' : `  note: ${recorded.skipped} lines of it could not be read\n`;
  if (recorded.previousAtMs === null) {
    return `  first run with these settings on this machine; kept in ${recorded.path}\n${skipped}`;
  }
  const lines = recorded.comparisons.map(comparisonLine);
  const head = `  against ${instant(recorded.previousAtMs)}, kept in ${recorded.path}:`;
  return `${[head, ...lines].join('\n')}\n${skipped}`;
}

function comparisonLine(one: Comparison): string {
  const change = `${one.changeShare >= 0 ? '+' : ''}${(one.changeShare * 100).toFixed(1)} %`;
  const sure =
    one.confidence === null
      ? 'too few values to be sure'
      : `confidence ${share(one.confidence, 1)}`;
  const mark = one.verdict === 'regression' ? 'REGRESSION' : one.verdict;
  const figures = `${three(one.beforeMedian)} -> ${three(one.nowMedian)} ${one.unit}`;
  return `    ${one.metric}: ${figures} (${change}, ${mark}, ${sure})`;
}

const three = (value: number): string => String(Number(value.toPrecision(3)));
