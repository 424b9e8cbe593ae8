import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { appendJsonLine, readJsonLines } from './json-lines.ts';

const dir = mkdtempSync(join(tmpdir(), 'tailrace-lines-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const schema = z.strictObject({ text: z.string(), n: z.number() });
const value = fc.record({ text: fc.string(), n: fc.integer() });

test('what is added is read again in order, whatever a crash left behind at some time', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(value), fc.array(value), fc.nat(), async (before, after, cut) => {
      const path = join(dir, `${(runs += 1)}`, 'lines.jsonl');
      for (const one of before) await appendJsonLine(path, one);
      const text = before.length === 0 ? '' : readFileSync(path, 'utf8');
      // The last line may be cut anywhere but at its end.
      const lastAt = text.lastIndexOf('\n', text.length - 2) + 1;
      const kept = text.slice(0, lastAt + (cut % Math.max(1, text.length - lastAt - 1)));
      if (before.length > 0) writeFileSync(path, kept);
      for (const one of after) await appendJsonLine(path, one);
      const { values } = await readJsonLines(path, schema);
      expect(values).toEqual([...before.slice(0, -1), ...after]);
    }),
    { numRuns: 60 },
  );
});

test('no content makes the reader throw, and what is no value is counted', async () => {
  const path = join(dir, 'any.jsonl');
  await fc.assert(
    fc.asyncProperty(fc.string(), async (text) => {
      writeFileSync(path, text);
      const { values, skipped } = await readJsonLines(path, schema);
      expect(values.length + skipped).toBe(text.split('\n').filter((line) => line !== '').length);
    }),
  );
  expect(await readJsonLines(join(dir, 'none.jsonl'), schema)).toEqual({ values: [], skipped: 0 });
});
