import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readStepLog } from './read-step-log.ts';

const deploy = join(import.meta.dirname, '..', '..', '..', 'deploy');
const dir = mkdtempSync(join(tmpdir(), 'tailrace-steps-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const python = spawnSync('python3', ['--version']).status === 0;

const LOOP = `
import time
from tailrace_steps import Steps
steps = Steps("steps.{rank}.jsonl", job="demo")
def loader():
    for i in range(3):
        time.sleep(0.02)
        yield i
for batch in steps.data(loader()):
    with steps.phase("forward"):
        time.sleep(0.005)
    with steps.phase("forward"):
        time.sleep(0.005)
    steps.end(tokens=128)
try:
    with steps.phase("coffee"): pass
except ValueError as error:
    print(error)
Steps("/no/such/folder/steps.jsonl").end()
`;

function run(): { status: number | null; stdout: string; stderr: string } {
  writeFileSync(join(dir, 'loop.py'), LOOP);
  const env = { ...process.env, PYTHONPATH: deploy, PYTHONDONTWRITEBYTECODE: '1', RANK: '3' };
  return spawnSync('python3', ['loop.py'], { cwd: dir, env, encoding: 'utf8' });
}

describe('deploy/tailrace_steps.py', () => {
  it('is at most 60 lines and imports nothing that Python does not bring', () => {
    const text = readFileSync(join(deploy, 'tailrace_steps.py'), 'utf8');
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(60);
    const imports = [...text.matchAll(/^(?:from|import) (.+)$/gm)].map((match) => match[1]);
    expect(imports).toEqual(['contextlib, json, os, sys, time']);
  });

  it.skipIf(!python)('writes a log that is read, and never stops the loop', async () => {
    const { status, stdout, stderr } = run();
    expect([status, stdout]).toEqual([0, expect.stringContaining("phase 'coffee' is none of")]);
    expect(stderr).toMatch(/not recording/);
    const records = [];
    const file = join(dir, 'steps.3.jsonl');
    for await (const one of readStepLog([readFileSync(file)], { file })) records.push(one);
    expect(records.map(({ rank, step, tokens, job }) => [rank, step, tokens, job])).toEqual([
      [3, 0, 128, 'demo'],
      [3, 1, 128, 'demo'],
      [3, 2, 128, 'demo'],
    ]);
    for (const { phaseMs, stepMs } of records) {
      expect(phaseMs.data).toBeGreaterThan(19);
      expect(phaseMs.forward).toBeGreaterThan(9);
      expect(stepMs).toBeGreaterThanOrEqual((phaseMs.data ?? 0) + (phaseMs.forward ?? 0));
    }
  });
});
