import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const run = (script: string, ...more: string[]): Record<string, unknown> => {
  const args = [join(import.meta.dirname, script), '--records', '1500', ...more];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as never;
};

it('the ingest bench runs and finds every record again', () => {
  expect(run('ingest.ts')).toMatchObject({
    records: 1500,
    journal: { bytesPerRecord: expect.any(Number) },
    ledger: { recordsPerSecond: expect.any(Number), segments: 1 },
  });
}, 60_000);

it('the answers bench builds a ledger and asks in fresh processes', () => {
  const times = { openMs: expect.any(Number), coldMs: expect.any(Number) };
  const report = run('answers.ts', '--only', 'cells,answers');
  expect(report).toMatchObject({ records: 1500, cells: times, answers: times });
}, 120_000);
