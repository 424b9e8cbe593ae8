import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accelerators, findAccelerator } from '../../../catalog/accelerators.ts';
import { findModel, models } from '../../../catalog/models.ts';
import type { ClosedLoopQuery } from './closed-loop-query.ts';
import { closedLoopTerms } from './closed-loop-terms.ts';
import { readFit, writeFit } from './fit-file.ts';
import { predictClosedLoop } from './predict-closed-loop.ts';
import { shippedFit } from './shipped-fit.ts';

const { model: fitted, runs } = shippedFit();

function query(changes: Partial<ClosedLoopQuery> = {}): ClosedLoopQuery {
  const model = findModel('llama-3.1-70b');
  const accelerator = findAccelerator('h100-sxm');
  if (model === null || accelerator === null) throw new Error('not in the catalog');
  return {
    model,
    accelerator,
    engine: 'vllm',
    quantization: 'fp8',
    inputTokens: 1024,
    outputTokens: 1024,
    concurrency: 16,
    layout: { tensor: 4, pipeline: 1, data: 1, expertParallel: false },
    prefillLayout: null,
    ...changes,
  };
}

function predict(changes: Partial<ClosedLoopQuery> = {}) {
  const result = predictClosedLoop(fitted, query(changes));
  if (!result.ok) throw result.error;
  return result.value;
}

describe('predictClosedLoop', () => {
  it('is near what it was fitted on, inside its own interval', () => {
    const { tpot, novelty } = predict({ concurrency: 4 });
    // Silicon sample: Llama-3.1-70B FP8, four H100, 1,024 in and out, concurrency 4: 11.78 ms.
    expect(Math.abs(tpot.ms / 11.78 - 1)).toBeLessThan(0.1);
    expect(tpot.lowMs).toBeLessThan(11.78);
    expect(tpot.highMs).toBeGreaterThan(11.78);
    expect(novelty).toBe('known');
  });

  it('widens the interval for a model or an accelerator that no run is of', () => {
    const width = (changes: Partial<ClosedLoopQuery>): number => {
      const { tpot } = predict(changes);
      return Math.log(tpot.highMs / tpot.lowMs);
    };
    const gemma = findModel('gemma-2-9b');
    const l40s = findAccelerator('l40s');
    if (gemma === null || l40s === null) throw new Error('not in the catalog');
    expect(predict({ model: gemma }).novelty).toBe('new-model');
    expect(predict({ accelerator: l40s }).novelty).toBe('new-accelerator');
    expect(width({ model: gemma })).toBeGreaterThan(width({}));
    expect(width({ accelerator: l40s })).toBeGreaterThan(width({}));
  });

  it('answers every model on every accelerator with positive figures inside their interval', () => {
    const load = fc.integer({ min: 1, max: 512 });
    const tokens = fc.integer({ min: 16, max: 16_384 });
    const card = fc.constantFrom(...accelerators());
    const shape = fc.constantFrom(...models());
    const width = fc.constantFrom(1, 2, 4, 8);
    const engine = fc.constantFrom('vllm', 'sglang', 'trtllm', 'somethingelse');
    fc.assert(
      fc.property(card, shape, width, engine, load, tokens, tokens, (a, m, t, e, c, i, o) => {
        const { ttft, tpot } = predict({
          accelerator: a,
          model: m,
          engine: e,
          concurrency: c,
          inputTokens: i,
          outputTokens: o,
          layout: { tensor: t, pipeline: 1, data: 1, expertParallel: false },
        });
        for (const { ms, lowMs, highMs } of [ttft, tpot]) {
          expect(lowMs).toBeGreaterThan(0);
          expect(ms).toBeGreaterThanOrEqual(lowMs);
          expect(highMs).toBeGreaterThanOrEqual(ms);
          expect(Number.isFinite(highMs)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a load that is no number, by the name of the field', () => {
    const result = predictClosedLoop(fitted, query({ concurrency: Number.NaN }));
    expect(result.ok ? '' : result.error.message).toMatch(/concurrency must be a finite number/);
  });
});

describe('closedLoopTerms', () => {
  it('lets all requests run while memory is ample, and bounds them when it is not', () => {
    const running = (changes: Partial<ClosedLoopQuery>): number => {
      const terms = closedLoopTerms(query(changes));
      if (!terms.ok) throw terms.error;
      return terms.value.running;
    };
    expect(running({})).toBeCloseTo(16, 5);
    const crowded = running({ concurrency: 4096 });
    expect(crowded).toBeLessThan(2048);
    expect(crowded).toBeGreaterThan(running({}));
  });
});

describe('fit file', () => {
  it('comes back as it was written', () => {
    const again = readFit(JSON.parse(JSON.stringify(writeFit('x', runs, fitted))));
    const before = predict();
    const after = predictClosedLoop(again.model, query());
    expect(after.ok && after.value.ttft.ms / before.ttft.ms).toBeCloseTo(1, 6);
    expect(again.runs.map((run) => run.key)).toEqual(runs.map((run) => run.key));
  });

  it('names the field that is wrong', () => {
    const file = { ...writeFit('x', runs.slice(0, 1), { fits: new Map() }), version: 9 };
    expect(() => readFit(file)).toThrow(/version/);
  });
});
