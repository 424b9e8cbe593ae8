import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'docs', 'decisions');
const decisions = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
const manifest: { dependencies: Record<string, string> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

it.each(Object.keys(manifest.dependencies))('%s has a decision that names it', (name) => {
  expect(decisions.some((text) => text.includes(name))).toBe(true);
});

it('decisions have numbers of their own', () => {
  const numbers = readdirSync(folder).map((name) => name.slice(0, 4));
  expect(numbers.filter((one) => !/^\d{4}$/.test(one))).toEqual([]);
  expect(new Set(numbers).size).toBe(numbers.length);
});
