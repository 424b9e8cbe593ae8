import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findAccelerator } from '../../../catalog/accelerators.ts';
import { findModel } from '../../../catalog/models.ts';
import { rooflineStepTime } from '../roofline.ts';
import { causalPairs, type StepWork } from '../step-time.ts';
import { attentionTime } from './attention-time.ts';
import { expertTime } from './expert-time.ts';
import { completeGrid } from './grid.ts';
import { formatOperatorTable, parseOperatorTable } from './operator-table-file.ts';
import type { OperatorTable } from './operator-table.ts';
import { readLlmServingSimProfile } from './read-llmservingsim-profile.ts';
import { findShippedTable, shippedTableKeys } from './shipped-tables.ts';
import { shippedStepTime } from './shipped-step-time.ts';

const folder = join(import.meta.dirname, '../../../catalog/operator-tables');
const profile = join(
  import.meta.dirname,
  '../../../../test/fixtures/planning/llmservingsim/profiler/RTX4090/meta-llama/Llama-3.1-8B/bf16/tp1',
);

const ABOUT = {
  model: 'llama-3.1-8b',
  hardware: 'rtx-4090',
  tensorParallel: 1,
  engine: 'vLLM 0.19.0',
  source: { repository: 'r', commit: 'c', path: 'p', licence: 'MIT', note: 'n' },
};

function fromFixture(change: (attention: string) => string = (text) => text): OperatorTable {
  const read = (name: string): string => readFileSync(join(profile, name), 'utf8');
  const files = {
    attention: change(read('attention.csv')),
    dense: read('dense.csv'),
    perSequence: read('per_sequence.csv'),
    moe: null,
    skewFit: null,
  };
  return readLlmServingSimProfile(files, ABOUT);
}

const KEY = { model: '', hardware: 'h100-sxm', numberFormat: 'bf16', tensorParallel: 1 };

const decode = (sequences: number, context: number): StepWork => ({
  prefillTokens: 0,
  prefillSequences: 0,
  decodeTokens: sequences,
  prefillPairs: 0,
  prefillContextTokens: 0,
  decodeContextTokens: sequences * context,
  decodeLongestTokens: context,
  sampledTokens: sequences,
});

const prefill = (tokens: number): StepWork => ({
  ...decode(0, 0),
  prefillTokens: tokens,
  prefillSequences: 1,
  prefillPairs: causalPairs(tokens, 0),
  prefillContextTokens: tokens,
  sampledTokens: 1,
});

describe('attention of a profile', () => {
  it('gives back every measured cell', () => {
    const table = fromFixture();
    const time = attentionTime(table, 4);
    const { attention } = table;
    let cells = 0;
    let cell = 0;
    for (const tokens of attention.prefillTokens) {
      for (const context of attention.prefillContext) {
        for (const n of attention.decodes) {
          for (const mean of attention.decodeContext) {
            const measured = attention.timesUs[cell] ?? null;
            cell += 1;
            if (measured === null || (tokens === 0) !== (context === 0 && tokens === 0)) continue;
            const pairs = tokens * context + (tokens * (tokens + 1)) / 2;
            const ours = tokens === 0 ? time.decode(n, mean) : time.mixed(tokens, pairs, n, mean);
            if (Math.abs(ours - measured) > 1e-6 * measured)
              throw new Error(`${tokens} ${context}`);
            cells += 1;
          }
        }
      }
    }
    expect(cells).toBeGreaterThan(8000);
  });

  it('predicts cells that were taken away: half of them within 2 %', () => {
    const taken: string[] = [];
    const table = fromFixture((text) =>
      text
        .split('\n')
        .filter((line, i) => {
          const isTaken = i % 20 === 7;
          if (isTaken) taken.push(line);
          return !isTaken;
        })
        .join('\n'),
    );
    const time = attentionTime(table, 4);
    const errors = taken.map((line) => {
      const [tokens = 0, context = 0, n = 0, mean = 0, measured = 1] = line.split(',').map(Number);
      const pairs = tokens * context + (tokens * (tokens + 1)) / 2;
      const ours = tokens === 0 ? time.decode(n, mean) : time.mixed(tokens, pairs, n, mean);
      return Math.abs(ours / measured - 1);
    });
    errors.sort((a, b) => a - b);
    expect(errors.length).toBeGreaterThan(400);
    expect(errors[Math.floor(errors.length / 2)]).toBeLessThan(0.02);
  });

  it('takes less for two prompts than for one of the same length in all', () => {
    const time = attentionTime(fromFixture(), 4);
    const one = time.mixed(1024, causalPairs(1024, 0), 8, 500);
    const two = time.mixed(1024, 2 * causalPairs(512, 0), 8, 500);
    expect(two).toBeLessThan(one);
    expect(two).toBeGreaterThan(time.decode(8, 500));
  });
});

describe('experts', () => {
  const moe = {
    tokens: [1, 8, 64, 512],
    experts: [8, 16, 64, 128],
    timesUs: [50, null, null, null, 52, 127, 423, null, 71, 135, 433, 828, 191, 198, 500, 912],
  };

  it('gives back measured times where the experts reached are on the grid', () => {
    // One token reaches its eight experts.
    expect(expertTime(moe, { count: 128, active: 8 }, 1)(1)).toBe(50);
    // 512 tokens reach all.
    expect(expertTime(moe, { count: 128, active: 8 }, 1)(512)).toBeCloseTo(912, 6);
  });

  it('shares tokens and experts over ranks', () => {
    const alone = expertTime(moe, { count: 128, active: 8 }, 1)(512);
    const shared = expertTime(moe, { count: 128, active: 8 }, 2)(512);
    expect(shared).toBeLessThan(0.6 * alone);
    expect(shared).toBeGreaterThan(0.4 * alone);
  });
});

describe('table files', () => {
  const text = formatOperatorTable(fromFixture());

  it('come back as they were, at four digits', () => {
    const table = fromFixture();
    const parsed = parseOperatorTable(JSON.parse(formatOperatorTable(table)), 'x');
    if (!parsed.ok) throw parsed.error;
    expect(parsed.value.attention.timesUs).toEqual(
      table.attention.timesUs.map((one) => (one === null ? null : Number(one.toPrecision(4)))),
    );
    expect(formatOperatorTable(parsed.value)).toBe(formatOperatorTable(table));
  });

  it.each([
    ['a word', (of: string) => of.replace(/"timesUs":"-\d+ /, '"timesUs":"x '), /neither a time/],
    ['a short grid', (of: string) => of.replace(/"timesUs":"-\d+ /, '"timesUs":"'), /fill/],
    ['rows in disorder', (of: string) => of.replace('"rows":[1,2', '"rows":[2,1'), /ascend/],
    ['another version', (of: string) => of.replace('"version":1', '"version":2'), /version/],
  ])('are refused with %s', (_what, change, message) => {
    const changed = change(text);
    expect(changed).not.toBe(text);
    const parsed = parseOperatorTable(JSON.parse(changed), 'file');
    expect(parsed.ok ? '' : parsed.error.message).toMatch(message);
  });
});

describe('shipped tables', () => {
  it('are all listed, readable, of the catalog, and say where they come from', async () => {
    const keys = shippedTableKeys();
    const names = keys.map(
      (key) => `${key.hardware}.${key.model}.${key.numberFormat}.tp${key.tensorParallel}.json`,
    );
    expect(names.toSorted()).toEqual(readdirSync(folder).toSorted());
    for (const key of keys) {
      expect(findModel(key.model)?.id).toBe(key.model);
      const table = await findShippedTable(key);
      expect(table).toMatchObject(key);
      for (const part of Object.values(table?.source ?? {})) expect(part).not.toBe('');
    }
    expect(await findShippedTable({ ...KEY, model: 'none' })).toBeNull();
  });

  it('agree with the roofline on an H100 within its known roughness', async () => {
    const accelerator = findAccelerator('h100-sxm');
    const model = findModel('llama-3.1-8b');
    if (accelerator === null || model === null) throw new Error('not in the catalog');
    const hardware = { accelerator, model, tensorParallel: 1, quantization: 'bf16' as const };
    const roofline = rooflineStepTime(hardware);
    const time = await shippedStepTime(hardware, { maxSequences: 256 });
    if (!roofline.ok || time === null) throw new Error('no model');
    for (const work of [decode(1, 1000), decode(64, 1000), prefill(2048), prefill(8192)]) {
      const table = time.stepTime(work);
      const parts = table.computeMs + table.memoryMs + table.collectiveMs + table.overheadMs;
      expect(parts).toBeCloseTo(table.totalMs, 9);
      const ratio = table.totalMs / roofline.value.stepTime(work).totalMs;
      expect(ratio).toBeGreaterThan(0.6);
      expect(ratio).toBeLessThan(1.4);
    }
  });
});

describe('prompts beyond the measured', () => {
  /** The table without prompts of more than `most` tokens. */
  function upTo(table: OperatorTable, most: number): OperatorTable {
    const { attention } = table;
    const { prefillTokens, prefillContext, decodes, decodeContext, timesUs } = attention;
    const kept = prefillTokens.filter((tokens) => tokens <= most);
    const plane = prefillContext.length * decodes.length * decodeContext.length;
    const cut = { prefillTokens: kept, timesUs: timesUs.slice(0, kept.length * plane) };
    return { ...table, attention: { ...attention, ...cut } };
  }

  it.each(shippedTableKeys().filter(({ hardware }) => hardware !== 'h100-sxm'))(
    'are near what was measured four times as far: $model on $hardware',
    async (key) => {
      const table = await findShippedTable(key);
      if (table === null) throw new Error('not shipped');
      const guess = attentionTime(upTo(table, 512), 4);
      const truth = attentionTime(table, 4);
      const errors = [0, 512, 2048].flatMap((context) =>
        [0, 8, 32].map((decodes) => {
          const of = [2048, causalPairs(2048, context), decodes, decodes === 0 ? 0 : 1024] as const;
          return Math.abs(guess.mixed(...of) / truth.mixed(...of) - 1);
        }),
      );
      // Along the slope over tokens the first of them is 64 to 86 % too low.
      expect(Math.max(...errors)).toBeLessThan(0.36);
      const [below, above] = [512, 513].map((tokens) =>
        guess.mixed(tokens, causalPairs(tokens, 0), 0, 0),
      );
      expect((above ?? 0) / (below ?? 1)).toBeGreaterThan(1);
      expect((above ?? 0) / (below ?? 1)).toBeLessThan(1.01);
    },
  );
});

describe('cells that were not measured', () => {
  const prompts = [0, 16, 64];
  const batches = [1, 2, 4, 8];
  const contexts = [16, 32, 64, 128];
  const axes = [prompts, batches, contexts];
  /** Linear in each axis, as operator times are. */
  const truth = (p: number, n: number, k: number): number =>
    5 + 0.1 * p + 0.01 * n * k + 0.002 * p * n;
  const all = prompts.flatMap((p) => batches.flatMap((n) => contexts.map((k) => truth(p, n, k))));

  it('are exact for linear times, inside and beyond what was measured', () => {
    // The largest batch was never measured beside prompts, and a middle context nowhere.
    const measured = all.map((time, cell) => {
      const [p, n, k] = [Math.floor(cell / 16), Math.floor(cell / 4) % 4, cell % 4];
      return (p > 0 && n === 3) || k === 1 ? null : time;
    });
    const { values } = completeGrid(axes, measured);
    for (const [cell, time] of all.entries()) expect(values[cell]).toBeCloseTo(time, 9);
  });

  it('stay finite where next to nothing was measured', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 48, maxLength: 48 }), (kept) => {
        const { values } = completeGrid(
          axes,
          all.map((time, i) => (kept[i] === true ? time : null)),
        );
        for (const value of values) expect(value).toBeGreaterThanOrEqual(0);
        for (const [i, time] of all.entries()) if (kept[i] === true) expect(values[i]).toBe(time);
      }),
    );
  });
});
