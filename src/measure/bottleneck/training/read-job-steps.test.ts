import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { stepsOf, testingJob, window } from '../testing-facts.ts';
import { readJobSteps } from './read-job-steps.ts';

const dir = mkdtempSync(join(tmpdir(), 'tailrace-job-steps-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const write = (name: string, records: readonly object[], end = ''): void =>
  writeFileSync(join(dir, name), records.map((one) => `${JSON.stringify(one)}\n`).join('') + end);

it('reads every file that a pattern names, the job of its name, the window and what lies before it', async () => {
  const near = stepsOf([{ forward: 1 }], { count: 3 });
  write('a.0.jsonl', [...stepsOf([{ forward: 1 }], { count: 2, from: -9000 }), ...near]);
  write(
    'a.1.jsonl',
    near.map((one) => Object.assign({ job: 'other' }, one)),
    '{"ts":18',
  );
  write(
    'a.2.jsonl',
    near.map((one) => Object.assign({ job: 'job' }, one)),
  );
  const job = testingJob({ stepLogs: [join(dir, 'a.*.jsonl')] });
  const { records, notes } = await readJobSteps(job, window);
  expect(records).toHaveLength(6);
  expect(notes).toEqual([]);
});

it('notes what cannot be read, and keeps what could be', async () => {
  write('bad.jsonl', stepsOf([{ forward: 1 }], { count: 2 }), '{"rank":-1}\n');
  const job = testingJob({ stepLogs: [join(dir, 'bad.jsonl'), join(dir, 'none*')] });
  const { records, notes } = await readJobSteps(job, window);
  expect(records).toHaveLength(2);
  expect(notes.join()).toMatch(/bad\.jsonl: line 3/);
  const none = await readJobSteps(testingJob({ stepLogs: [join(dir, 'none*')] }), window);
  expect(none.notes.join()).toMatch(/no file matches jobs\[job\]\.stepLogs/);
});
