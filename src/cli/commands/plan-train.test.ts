import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../records/clock.ts';
import type { TrainingReport } from '../../plan/training/training-report.ts';
import { openTestCli, type TestCli } from '../test-cli.ts';
import { planTrain } from './plan-train.ts';

let cli: TestCli;
beforeAll(() => {
  cli = openTestCli(systemClock, [planTrain]);
});
afterAll(() => cli.close());

const train = (...args: string[]) => cli.run('plan', 'train', ...args);

const PLAN =
  '--model llama-3.1-8b --accelerator h100-sxm --accelerators 64 --global-batch 512'.split(' ');

describe('tailrace plan train', () => {
  it('runs the examples of its help as shown', async () => {
    for (const example of planTrain.examples) {
      const { code, out, err } = await cli.run(...example.split(' ').slice(1));
      expect(err).toBe('');
      expect(code).toBe(0);
      expect(out).toContain('Llama 3.1');
    }
  });

  it('shows the spend by cause in money, and what the fix saves', async () => {
    const { out } = await train(
      ...PLAN,
      '--tokens',
      '1T',
      '--data-share',
      '0.6',
      '--usd-per-hour',
      '2',
    );
    expect(out).toMatch(/data input +40\.0 % +\$[\d,.]+ {2}#+/);
    expect(out).toMatch(/40\.0 %, \$[\d,.]+, [\d.]+ h: load data as fast/);
    expect(out).toContain('note: failures are not described');
  });

  it('prints JSON whose shares sum to 1, from a file with options on top', async () => {
    const file = 'train.yaml';
    const body = `train:\n  model: llama-3.1-8b\n  accelerator: h100-sxm\n  accelerators: 64\n  tokens: 1e9\n  globalBatchSequences: 512\n`;
    writeFileSync(join(cli.dir, file), body);
    const { out, code } = await train(file, '--tokens', '2B', '--json');
    const report = JSON.parse(out) as TrainingReport;
    expect(code).toBe(0);
    expect(report.tokens).toBe(2e9);
    expect(Object.values(report.run.shares).reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
  });

  const refused: Array<[string, string[], string, number]> = [
    [
      'a negative rate',
      ['--tokens', '1T', '--usd-per-hour=-2'],
      '--usd-per-hour: train.usdPerAcceleratorHour: must be more than 0',
      1,
    ],
    ['NaN', ['--tokens', 'NaN'], '--tokens takes a count of tokens', 2],
    ['no tokens', [], 'train.tokens: is missing', 1],
    [
      'an unknown accelerator',
      ['--tokens', '1T', '--accelerator', 'h100-sxn'],
      'did you mean h100-sxm?',
      1,
    ],
    ['a missing file', ['none.yaml', '--tokens', '1T'], 'there is no such file', 1],
  ];
  it.each(refused)('refuses %s', async (_, args, message, exit) => {
    const { code, err } = await train(...PLAN, ...args);
    expect(err).toContain(message);
    expect(code).toBe(exit);
  });
});
