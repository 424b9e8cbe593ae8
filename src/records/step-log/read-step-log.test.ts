import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TailraceError } from '../errors.ts';
import { looksLikeStepLog, readStepLog } from './read-step-log.ts';
import { STEP_PHASES, type StepRecord } from './step-record.ts';
import { summarizeSteps } from './summarize-steps.ts';

async function read(text: string, cut: number[] = []): Promise<StepRecord[]> {
  const options = { file: 's.jsonl', onCutEnd: (line: number) => void cut.push(line) };
  const records: StepRecord[] = [];
  for await (const one of readStepLog([Buffer.from(text)], options)) records.push(one);
  return records;
}

const step = (fields: Partial<StepRecord> = {}): StepRecord => ({
  ts: 1_700_000_000,
  rank: 0,
  step: 1,
  phaseMs: { data: 40, forward: 20, backward: 40 },
  ...fields,
});
const lines = (...records: unknown[]): string =>
  records.map((one) => `${JSON.stringify(one)}\n`).join('');

describe('step log', () => {
  it('gives back every record that was written', async () => {
    const ms = fc.double({ min: 0, max: 86_400_000, noNaN: true, noDefaultInfinity: true });
    const record = fc.record(
      {
        ts: fc.double({ min: 0, max: 4e9, noNaN: true }),
        rank: fc.nat(1000),
        step: fc.nat(),
        phaseMs: fc.dictionary(
          fc.constantFrom(...STEP_PHASES),
          ms.map((one) => one + 0),
        ),
        tokens: fc.nat(),
      },
      { requiredKeys: ['ts', 'rank', 'step', 'phaseMs'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 8 }), async (records) => {
        const written: unknown[] = JSON.parse(JSON.stringify(records));
        expect(await read(lines(...records))).toEqual(written);
      }),
    );
  });

  it('leaves out a last line that a crash cut, and says so', async () => {
    const cut: number[] = [];
    const text = lines(step(), step({ step: 2 })) + '{"ts":17000';
    expect(await read(text, cut)).toHaveLength(2);
    expect(cut).toEqual([3]);
  });

  it.each([
    [lines({ ...step(), rank: -1 }), /s\.jsonl: line 1: rank/],
    [lines(step(), { ...step(), phaseMs: { dataa: 1 } }), /line 2: phaseMs: .*dataa/],
    [lines(step(), { ...step(), phaseMs: { data: '1' } }), /line 2: phaseMs\.data/],
    [lines({ ...step(), tokens: 1, samples: 1 }), /line 1: samples/],
    [`${lines(step())}{"ts":17\n${lines(step())}`, /line 2: JSON/],
    ['', /holds no step/],
    ['not JSON', /line 1: JSON/],
    [`${lines(step())}${'x'.repeat(70_000)}\n`, /longer than/],
  ])('refuses %j', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });

  it('never fails but by a coded error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        try {
          for await (const one of readStepLog([bytes], { file: 'f' })) expect(one).toBeTruthy();
        } catch (error) {
          expect(error).toBeInstanceOf(TailraceError);
        }
      }),
    );
  });

  it('is told by its first line', () => {
    expect(looksLikeStepLog(JSON.stringify(step()))).toBe(true);
    expect(looksLikeStepLog('{"timestamp": 1, "input_length": 2}')).toBe(false);
    expect(looksLikeStepLog('Wall time,Step,Value')).toBe(false);
  });
});

describe('summary of steps', () => {
  it('leaves the first step of a rank out and shows what no phase covers', () => {
    const records = [
      step({ step: 0, phaseMs: { data: 9_000 } }),
      step({ step: 1, stepMs: 125, samples: 8 }),
      step({ step: 2, stepMs: 125, samples: 8 }),
    ];
    const summary = summarizeSteps(records);
    expect(summary).toMatchObject({ steps: 2, ranks: 1, medianStepMs: 125, samplesPerS: 64 });
    const shares = Object.fromEntries(summary?.phases.map((one) => [one.phase, one.share]) ?? []);
    expect(shares).toMatchObject({ data: 0.32, forward: 0.16, unexplained: 0.2, comm: 0 });
  });

  it('takes the slowest rank as the step and names it', () => {
    const records = [1, 2, 3].flatMap((number) =>
      [0, 1].map((rank) =>
        step({ rank, step: number, phaseMs: { forward: rank === 1 ? 30 : 10 } }),
      ),
    );
    expect(summarizeSteps(records)).toMatchObject({
      medianStepMs: 30,
      slowestRank: { rank: 1, share: 1 },
    });
  });

  it('shares always sum to one', () => {
    const ms = fc.double({ min: 0, max: 1000, noNaN: true });
    const record = fc.record({
      ts: fc.constant(0),
      rank: fc.nat(3),
      step: fc.nat(5),
      stepMs: ms,
      phaseMs: fc.dictionary(fc.constantFrom(...STEP_PHASES), ms),
    });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1 }), (records) => {
        const phases = summarizeSteps(records)?.phases ?? [];
        const sum = phases.reduce((total, one) => total + one.share, 0);
        const totalMs = phases.reduce((total, one) => total + one.totalMs, 0);
        expect(sum).toBeCloseTo(totalMs === 0 ? 0 : 1, 9);
      }),
    );
  });

  it('of nothing is nothing', () => expect(summarizeSteps([])).toBeNull());
});
