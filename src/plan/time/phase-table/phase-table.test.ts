import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { batchFits } from './kv-fit.ts';
import { buildPhaseTable, groupKey, mergePhaseTables, type PhaseTable } from './phase-table.ts';
import { type PhaseQuery, predictPhase } from './predict-phase.ts';
import { readPerfModel } from './read-perf-model.ts';
import { shippedPhaseTable } from './shipped-table.ts';

const FILE = join(
  import.meta.dirname,
  '../../../../test/fixtures/planning/splitwise-sim/perf_model.csv',
);
const HEADER =
  'model,hardware,prompt_size,batch_size,token_size,peak_power,average_power,prompt_time,token_time,e2e_time,tensor_parallel';

const read = (lines: string[]) => readPerfModel(`${[HEADER, ...lines].join('\r\n')}\r\n`, 'p.csv');

describe('perf_model.csv', () => {
  it('ships as medians of the published repeats', () => {
    const rows = readPerfModel(readFileSync(FILE, 'utf8'), FILE);
    if (!rows.ok) throw rows.error;
    const table = buildPhaseTable(rows.value);
    expect(shippedPhaseTable.map(groupKey)).toEqual(table.map(groupKey));
    for (const [i, group] of table.entries()) {
      for (const [j, point] of group.points.entries()) {
        const shipped = shippedPhaseTable[i]?.points[j];
        expect(shipped).toMatchObject({ batch: point.batch, repeats: point.repeats });
        expect((shipped?.promptMs ?? 0) / point.promptMs).toBeCloseTo(1, 5);
      }
    }
  });

  it('takes the median of repeats and knows that power 0 was not measured', () => {
    const rows = read([
      'm,x-80gb,512,1,128,1,0.5,100,10,1,2',
      'm,x-80gb,512,1,128,1,0.0,900,12,1,2',
      'm,x-80gb,512,1,128,1,0.7,110,11,1,2',
    ]);
    if (!rows.ok) throw rows.error;
    expect(buildPhaseTable(rows.value)[0]?.points).toEqual([
      {
        promptTokens: 512,
        batch: 1,
        outputTokens: 128,
        promptMs: 110,
        tokenMs: 11,
        powerShare: 0.6,
        repeats: 3,
      },
    ]);
  });

  const bad: Array<[string, string, string]> = [
    ['a batch that is no count', 'm,h,512,1.5,128,1,0,1,1,1,2', 'line 2: batch_size: "1.5"'],
    ['a negative time', 'm,h,512,1,128,1,0,-3,1,1,2', 'line 2: prompt_time: "-3"'],
    ['NaN', 'm,h,512,1,128,1,0,1,NaN,1,2', 'line 2: token_time: "NaN"'],
    ['an empty name', ',h,512,1,128,1,0,1,1,1,2', 'line 2: model is empty'],
    ['a short line', 'm,h,512', 'is not a CSV table'],
  ];
  it.each(bad)('refuses %s', (_, line, message) => {
    const rows = read([line]);
    expect(rows.ok ? null : rows.error.code).toBe('TR_PLAN_INVALID');
    expect(rows.ok ? '' : rows.error.message).toContain(message);
  });

  it('refuses a file without a column it needs', () => {
    const rows = readPerfModel('model,hardware\nm,h\n', 'p.csv');
    expect(rows.ok ? '' : rows.error.message).toContain('there is no column tensor_parallel');
  });
});

/**
 * A made-up accelerator whose times follow a known law, so that what is predicted can be checked
 * exactly.
 */
function lawTable(degrees: number[]): PhaseTable {
  const configs = [
    ...[128, 256, 512, 1024].map((promptTokens) => ({ promptTokens, batch: 1, outputTokens: 128 })),
    ...[2, 4, 8].map((batch) => ({ promptTokens: 512, batch, outputTokens: 128 })),
  ];
  return degrees.map((tensorParallel) => ({
    model: 'm',
    hardware: 'x-80gb',
    tensorParallel,
    points: configs.map(({ promptTokens, batch, outputTokens }) => {
      const { promptMs, tokenMs } = law({ promptTokens, batch }, tensorParallel);
      return { promptTokens, batch, outputTokens, promptMs, tokenMs, powerShare: null, repeats: 1 };
    }),
  }));
}

const law = (config: { promptTokens: number; batch: number }, tp: number) => ({
  promptMs: 20 + (0.4 * config.promptTokens * config.batch) / tp,
  tokenMs: 10 + 40 / tp + 0.5 * config.batch,
  powerShare: null,
});

const ask = { model: 'm', hardware: 'x-80gb', tensorParallel: 2, outputTokens: 128 };

describe('predictPhase', () => {
  it('gives back what was measured', () => {
    const query = { ...ask, promptTokens: 512, batch: 4 };
    expect(predictPhase(lawTable([2]), query)).toMatchObject({
      ok: true,
      value: { ...law(query, 2), origin: 'measured', extrapolated: [] },
    });
  });

  it('is exact between levels where times are linear, and says that it interpolated', () => {
    for (const [promptTokens, batch] of [
      [700, 1],
      [512, 3],
      [300, 1],
    ] as const) {
      const query = { ...ask, promptTokens, batch };
      const found = predictPhase(lawTable([2]), query);
      if (!found.ok) throw found.error;
      expect(found.value.origin).toBe('interpolated');
      expect(found.value.promptMs).toBeCloseTo(law(query, 2).promptMs, 6);
      expect(found.value.tokenMs).toBeCloseTo(law(query, 2).tokenMs, 6);
    }
  });

  it('takes a + b / TP between degrees', () => {
    const query = { ...ask, tensorParallel: 4, promptTokens: 1024, batch: 1 };
    const found = predictPhase(lawTable([2, 8]), query);
    if (!found.ok) throw found.error;
    expect(found.value).toMatchObject({ origin: 'between-tensor-parallel', extrapolated: [] });
    expect(found.value.promptMs).toBeCloseTo(law(query, 4).promptMs, 6);
    expect(found.value.tokenMs).toBeCloseTo(law(query, 4).tokenMs, 6);
  });

  it('gives intervals inside the measurements, wider where it interpolates, and none beyond', () => {
    const widthOf = (query: PhaseQuery): number | null => {
      const found = predictPhase(lawTable([2, 8]), query);
      if (!found.ok) throw found.error;
      const { intervals, promptMs } = found.value;
      if (intervals.promptMs === null) return null;
      expect(intervals.promptMs.low).toBeLessThan(promptMs);
      return intervals.promptMs.high / intervals.promptMs.low;
    };
    const measured = widthOf({ ...ask, promptTokens: 512, batch: 1 });
    const between = widthOf({ ...ask, promptTokens: 600, batch: 1 });
    expect(measured).toBeLessThan(between ?? 0);
    expect(widthOf({ ...ask, promptTokens: 4096, batch: 1 })).toBeNull();
    expect(widthOf({ ...ask, tensorParallel: 4, promptTokens: 512, batch: 1 })).toBeNull();
  });

  it('flags what lies outside', () => {
    const far = predictPhase(lawTable([2]), { ...ask, promptTokens: 8192, batch: 1 });
    expect(far.ok && far.value.extrapolated).toEqual(['promptTokens']);
    const wide = predictPhase(lawTable([2, 4]), {
      ...ask,
      tensorParallel: 8,
      promptTokens: 512,
      batch: 1,
    });
    expect(wide.ok && wide.value.extrapolated).toEqual(['tensorParallel']);
  });

  it('says what it has when it knows nothing of the pair', () => {
    const found = predictPhase(lawTable([2]), { ...ask, hardware: 'y', promptTokens: 1, batch: 1 });
    expect(found.ok ? null : found.error).toMatchObject({
      code: 'TR_PLAN_INVALID',
      field: 'hardware',
    });
    expect(found.ok ? '' : found.error.message).toContain('m/x-80gb/tp2');
  });

  it('lets the later table win where both have a configuration', () => {
    const [group] = lawTable([2]);
    if (group === undefined) throw new Error('no group');
    const [point] = group.points;
    const renewed = point === undefined ? [] : [{ ...point, promptMs: 1 }];
    const merged = mergePhaseTables(lawTable([2, 8]), [{ ...group, points: renewed }]);
    const found = predictPhase(merged, { ...ask, promptTokens: 128, batch: 1 });
    expect(found.ok && found.value.promptMs).toBe(1);
    expect(merged.map((one) => one.points.length)).toEqual([7, 7]);
  });
});

describe('batchFits', () => {
  const query = {
    model: 'llama2-70b',
    hardware: 'a100-80gb',
    promptTokens: 512,
    outputTokens: 128,
  };
  it('does the memory arithmetic: weights, KV of the prompts, nine tenths of memory', () => {
    const answers = [
      batchFits({ ...query, tensorParallel: 2, batch: 32 }),
      batchFits({ ...query, tensorParallel: 2, batch: 64 }),
      batchFits({ ...query, tensorParallel: 8, batch: 64 }),
      batchFits({ ...query, model: 'bloom-176b', tensorParallel: 4, batch: 1 }),
    ];
    expect(answers).toEqual(['fits', 'infeasible', 'fits', 'infeasible']);
  });

  it('does not guess an unknown shape or memory', () => {
    expect(batchFits({ ...query, model: 'm', tensorParallel: 2, batch: 1 })).toBe('unknown');
    expect(batchFits({ ...query, hardware: 'h', tensorParallel: 2, batch: 1 })).toBe('unknown');
  });
});
