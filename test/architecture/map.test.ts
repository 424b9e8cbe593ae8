import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const PAPERS = ['ARCHITECTURE.md', 'README.md', 'CONTRIBUTING.md'];

/** Paths from the root in backticks, and targets of relative links. */
function pathsIn(text: string): string[] {
  const quoted = [...text.matchAll(/`((?:src|docs|bench|test|console|deploy|tools)\/[^\s`*]*)`/g)];
  const linked = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)];
  return [...quoted, ...linked].map((match) => match[1] ?? '');
}

it.each(PAPERS)('%s names only paths that exist', (paper) => {
  const paths = pathsIn(readFileSync(join(root, paper), 'utf8'));
  expect(paths.length).toBeGreaterThan(0);
  expect(paths.filter((path) => !existsSync(join(root, dirname(paper), path)))).toEqual([]);
});

it('finds a path that is not there (canary)', () => {
  expect(pathsIn('see `src/nowhere/x.ts` and [y](docs/y.md), not [z](https://z)')).toEqual([
    'src/nowhere/x.ts',
    'docs/y.md',
  ]);
});
