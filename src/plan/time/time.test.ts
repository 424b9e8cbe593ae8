import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accelerators, findAccelerator } from '../../catalog/accelerators.ts';
import { findModel, models } from '../../catalog/models.ts';
import { footprintOf, type Quantization } from '../../catalog/footprint.ts';
import { kvBlockBudget } from './footprint.ts';
import { POWER_CONSTANTS, powerModel } from './power.ts';
import { peakTflops } from '../../catalog/roofline.ts';
import { rooflineStepTime } from './roofline.ts';
import { causalPairs, type StepWork } from './step-time.ts';

function hardware(
  accelerator: string,
  model: string,
  tensorParallel = 1,
  q: Quantization = 'bf16',
) {
  const card = findAccelerator(accelerator);
  const shape = findModel(model);
  if (card === null || shape === null) throw new Error('not in the catalog');
  return { accelerator: card, model: shape, tensorParallel, quantization: q };
}

function value<T>(result: { ok: true; value: T } | { ok: false; error: Error }): T {
  if (!result.ok) throw result.error;
  return result.value;
}

const prefill = (tokens: number): StepWork => ({
  prefillTokens: tokens,
  prefillSequences: 1,
  decodeTokens: 0,
  prefillPairs: causalPairs(tokens, 0),
  prefillContextTokens: tokens,
  decodeContextTokens: 0,
  decodeLongestTokens: 0,
  sampledTokens: 1,
});

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

describe('footprint', () => {
  it('gives the published sizes of Llama 3.1 8B', () => {
    const size = footprintOf(hardware('h100-sxm', 'llama-3.1-8b').model, 'bf16');
    expect(size.weightBytes / 1e9).toBeCloseTo(16.06, 2);
    // 2 x 32 layers x 8 heads x 128 x 2 bytes
    expect(size.kvBytesPerToken).toBe(131_072);
    expect(size.activeLayerParams).toBeCloseTo(size.layerParams, -1);
  });

  it('budgets KV blocks from memory, share and weights', () => {
    const one = hardware('h100-sxm', 'llama-3.1-8b');
    // (80e9 x 0.9 - 16.06e9) / (131072 x 16)
    expect(value(kvBlockBudget(one, 0.9))).toBe(26_674);
    const two = value(kvBlockBudget({ ...one, tensorParallel: 2 }, 0.9));
    expect(two).toBeGreaterThan(2 * 26_674);
  });

  it('names the model and the way out when the weights do not fit', () => {
    const result = kvBlockBudget(hardware('h100-sxm', 'llama-3.1-70b'), 0.9);
    expect(result.ok ? '' : result.error.message).toMatch(/141\.1 GB.*tensorParallel/);
  });
});

describe('roofline', () => {
  it('is memory bound in decode and compute bound in prefill', () => {
    const model = value(rooflineStepTime(hardware('h100-sxm', 'llama-3.1-8b')));
    expect(model.provenance).toBe('roofline');
    const one = model.stepTime(decode(1, 1000));
    expect(one.computeMs).toBe(0);
    // 15.0 GB of layers and head, 0.13 GB of KV, at 0.8 x 3.35 TB/s.
    expect(one.memoryMs).toBeCloseTo((15.01 + 0.131) / (0.8 * 3.35), 1);
    const long = model.stepTime(prefill(8192));
    // 2 x 6.98e9 x 8192 FLOPs and attention of 33.6e6 pairs at 0.5 x 989 TFLOP/s.
    const flops = 2 * 6.98e9 * 8192 + 33.56e6 * 4 * 32 * 32 * 128;
    expect(long.computeMs / (flops / (0.5 * 989e9))).toBeCloseTo(1, 2);
  });

  it('comes near published vLLM token times of Llama 3.1 70B FP8 on H100 at batch 4', () => {
    // aiconfigurator silicon sample, 1,024 in and 1,024 out, concurrency 4: mean TPOT.
    for (const [p, measuredMs] of [
      [2, 17.41],
      [4, 11.78],
      [8, 9.11],
    ] as const) {
      const model = value(rooflineStepTime(hardware('h100-sxm', 'llama-3.1-70b', p, 'fp8')));
      expect(Math.abs(model.stepTime(decode(4, 1536)).totalMs / measuredMs - 1)).toBeLessThan(0.1);
    }
  });

  it('reads few experts for one token and all of them for many', () => {
    const moe = models().find((one) => one.experts !== null);
    if (moe === undefined || moe.experts === null) throw new Error('no mixture in the catalog');
    const model = value(rooflineStepTime(hardware('b200-sxm', moe.id, 8)));
    const one = model.stepTime(decode(1, 10)).memoryMs;
    const many = model.stepTime(decode(512, 10)).memoryMs;
    expect(many / one).toBeGreaterThan(2);
  });

  it('falls back to 16-bit arithmetic where the format has none', () => {
    const { accelerator } = hardware('a100-sxm', 'llama-3.1-8b');
    expect(peakTflops(accelerator, 'fp8')).toBe(accelerator.denseTflops.bf16);
    expect(peakTflops(accelerator, 'int4')).toBe(accelerator.denseTflops.bf16);
    expect(peakTflops(accelerator, 'int8')).toBe(accelerator.denseTflops.int8);
  });

  it('adds up, and more work never takes less time', () => {
    const count = fc.integer({ min: 1, max: 512 });
    const context = fc.integer({ min: 1, max: 4000 });
    const card = fc.constantFrom(...accelerators());
    const shape = fc.constantFrom(...models());
    const parallel = fc.constantFrom(1, 2, 4, 8);
    fc.assert(
      fc.property(card, shape, parallel, count, count, context, (a, m, p, n, more, ctx) => {
        const made = rooflineStepTime({
          accelerator: a,
          model: m,
          tensorParallel: p,
          quantization: 'fp8',
        });
        fc.pre(made.ok);
        const model = value(made);
        const stepTime = (work: StepWork) => model.stepTime(work);
        const small = stepTime(decode(n, ctx));
        const parts = small.computeMs + small.memoryMs + small.collectiveMs + small.overheadMs;
        expect(parts).toBeCloseTo(small.totalMs, 9);
        expect(stepTime(decode(n + more, ctx)).totalMs).toBeGreaterThanOrEqual(small.totalMs);
        expect(stepTime(decode(n, ctx + more)).totalMs).toBeGreaterThanOrEqual(small.totalMs);
        expect(stepTime(prefill(n + more)).totalMs).toBeGreaterThanOrEqual(
          stepTime(prefill(n)).totalMs,
        );
      }),
    );
  });
});

describe('power', () => {
  it('lies between idle and TDP for every step of every accelerator', () => {
    const ms = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...accelerators()), ms, ms, ms, (card, c, m, o) => {
        const made = powerModel(card);
        fc.pre(made.ok && c + m + o > 0);
        const power = value(made);
        const watts = power.stepW({
          totalMs: c + m + o,
          computeMs: c,
          memoryMs: m,
          collectiveMs: 0,
          overheadMs: o,
        });
        expect(watts).toBeGreaterThanOrEqual(power.idleW);
        expect(watts).toBeLessThanOrEqual((card.tdpW ?? 0) * (1 + 1e-9));
      }),
    );
  });

  it('draws more in prefill than in decode, and agrees with the published decode share', () => {
    const on = hardware('a100-sxm', 'llama-3.1-70b', 2);
    const power = value(powerModel(on.accelerator));
    const time = value(rooflineStepTime(on));
    const decodeW = power.stepW(time.stepTime(decode(1, 512)));
    expect(power.stepW(time.stepTime(prefill(4096)))).toBeGreaterThan(decodeW);
    expect(decodeW / 400).toBeGreaterThan(0.7);
    expect(decodeW / 400).toBeLessThan(0.9);
  });

  it('refuses an accelerator without a TDP, and stands in for a missing idle power', () => {
    const cards = accelerators();
    const noTdp = cards.find((card) => card.tdpW === null);
    if (noTdp !== undefined) expect(powerModel(noTdp).ok).toBe(false);
    const shares = cards.flatMap(({ idleW, tdpW }) =>
      idleW === null || tdpW === null ? [] : [idleW / tdpW],
    );
    const median = shares.sort((a, b) => a - b)[Math.floor(shares.length / 2)] ?? 0;
    expect(Math.abs(median - POWER_CONSTANTS.idleShareOfTdp)).toBeLessThan(0.01);
    const noIdle = cards.find((card) => card.tdpW !== null && card.idleW === null);
    if (noIdle?.tdpW == null) throw new Error('no such row');
    expect(value(powerModel(noIdle)).idleW).toBe(noIdle.tdpW * POWER_CONSTANTS.idleShareOfTdp);
  });
});
