import { expect, test } from 'vitest';
import { shippedCriteria } from '../govern/scorecard/load-criteria.ts';
import { collectors } from '../govern/evidence/collectors.ts';
import { commandTable, loadAll } from './commands.ts';

/** `tailrace x y --option` in prose, and commands that a collector names as its query. */
const matches = (texts: readonly string[], pattern: RegExp): string[] =>
  texts.flatMap((text) => Array.from(text.matchAll(pattern), (match) => match[1] ?? ''));
const { conditions, late } = shippedCriteria();
const said = [
  ...matches(
    [...conditions, ...late].map((one) => one.fix),
    /`(tailrace [^`]+)`/g,
  ),
  ...matches(
    collectors.map((one) => one.query),
    /^(tailrace .+)$/g,
  ),
];

test('every next step that is a command names one that there is, with options that it has', async () => {
  const commands = await loadAll(commandTable);
  expect(said.length).toBeGreaterThan(15);
  for (const line of said) {
    const [, ...words] = line.split(' ');
    const command = commands
      .filter((one) => `${words.join(' ')} `.startsWith(`${one.name} `))
      .toSorted((a, b) => b.name.length - a.name.length)[0];
    expect(command?.name, line).toBeDefined();
    for (const option of words.filter((word) => word.startsWith('--') && word !== '--help')) {
      expect(Object.keys(command?.options ?? {}), line).toContain(option.slice(2));
    }
  }
});
