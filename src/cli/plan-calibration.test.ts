import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { systemClock } from '../records/clock.ts';
import { runCli } from './run.ts';

const cwd = mkdtempSync(join(tmpdir(), 'tailrace-calibration-'));
afterAll(() => rmSync(cwd, { recursive: true }));

async function serve(content: string | null): Promise<{ code: number; out: string; err: string }> {
  if (content !== null) writeFileSync(join(cwd, 'own.json'), content);
  let out = '';
  let err = '';
  const line = `plan serve --model llama-3.1-8b --accelerator h100-sxm --rate 1 --requests 100 --json --calibration ${content === null ? 'none' : 'own'}.json`;
  const code = await runCli(line.split(' '), {
    stdout: { write: (text) => void (out += text), isTTY: false, columns: 100 },
    stderr: { write: (text) => void (err += text), isTTY: false },
    env: {},
    cwd,
    clock: systemClock,
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

const figures = {
  model: 'llama-3.1-8b',
  accelerator: 'h100-sxm',
  computeShare: 0.4,
  bandwidthShare: 0.4,
  stepOverheadMs: 3,
};
const file = (entry: object): string =>
  JSON.stringify({ format: 'tailrace-step-times/1', stepTimes: [{ ...figures, ...entry }] });

it('plans with the step times of a calibration', async () => {
  const { code, out } = await serve(file({ errorShare: 0.03 }));
  expect(code).toBe(0);
  const { evaluation, modelErrorShare } = JSON.parse(out);
  expect(evaluation.provenance).toEqual(['fitted']);
  expect(modelErrorShare).toBeCloseTo(0.03, 9);
});

it.each([
  [null, /none.json: there is no such file/],
  ['{', /own.json: holds no step times: make it with tailrace plan calibrate --records/],
  ['{"closedLoop":{}}', /holds no step times/],
  [
    file({ bandwidthShare: -1 }),
    /--calibration: .*stepTimes\[0\].bandwidthShare: must be more than 0/,
  ],
  [
    file({ model: 'llama-3.1-8' }),
    /stepTimes\[0\].model: .*llama-3.1-8.*did you mean llama-3.1-8b/,
  ],
])('says what is wrong with %s', async (content, message) => {
  const { code, err } = await serve(content);
  expect(code).not.toBe(0);
  expect(err).toMatch(message);
});
