import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accelerators, findAccelerator } from '../../../catalog/accelerators.ts';
import { findModel, models } from '../../../catalog/models.ts';
import type { ReplicaHardware } from '../footprint.ts';
import { causalPairs, type StepWork } from '../step-time.ts';
import { fittedStepTime } from './fitted-step-time.ts';
import { shippedFit } from './shipped-fit.ts';

function hardware(model: string, accelerator: string, tensorParallel: number): ReplicaHardware {
  const shape = findModel(model);
  const card = findAccelerator(accelerator);
  if (shape === null || card === null) throw new Error('not in the catalog');
  return { model: shape, accelerator: card, tensorParallel, quantization: 'fp8' };
}

function fitted(on: ReplicaHardware) {
  const made = fittedStepTime(shippedFit().model, on, 'vllm');
  if (!made.ok) throw made.error;
  return made.value;
}

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

const withPrompt = (work: StepWork, tokens: number): StepWork => ({
  ...work,
  prefillTokens: tokens,
  prefillSequences: 1,
  prefillPairs: causalPairs(tokens, 0),
  prefillContextTokens: tokens,
  sampledTokens: work.sampledTokens + 1,
});

describe('fittedStepTime', () => {
  it('comes near published vLLM token times of Llama 3.1 70B FP8 on H100 at batch 4', () => {
    // aiconfigurator silicon sample, 1,024 in and 1,024 out, concurrency 4: mean TPOT.
    for (const [tensor, measuredMs] of [
      [2, 17.41],
      [4, 11.78],
      [8, 9.11],
    ] as const) {
      const model = fitted(hardware('llama-3.1-70b', 'h100-sxm', tensor));
      expect(Math.abs(model.stepTime(decode(4, 1536)).totalMs / measuredMs - 1)).toBeLessThan(0.1);
    }
  });

  it('gives a prefill of plausible arithmetic efficiency', () => {
    const model = fitted(hardware('llama-3.1-70b', 'h100-sxm', 4));
    const ms = model.stepTime(withPrompt(decode(0, 0), 8192)).totalMs;
    const flops = 2 * 70.5e9 * 8192;
    const share = flops / (ms / 1e3) / (4 * 1978e12);
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.9);
  });

  it('adds up and takes longer with a prompt, on every model and accelerator', () => {
    const count = fc.integer({ min: 1, max: 512 });
    const card = fc.constantFrom(...accelerators());
    const shape = fc.constantFrom(...models());
    fc.assert(
      fc.property(card, shape, fc.constantFrom(1, 2, 8), count, count, (a, m, t, n, prompt) => {
        const model = fitted({
          accelerator: a,
          model: m,
          tensorParallel: t,
          quantization: 'fp8',
        });
        const one = model.stepTime(decode(n, 1000));
        const parts = one.computeMs + one.memoryMs + one.collectiveMs + one.overheadMs;
        expect(parts).toBeCloseTo(one.totalMs, 6);
        // One more sampled row moves the correction by a hair.
        const mixed = model.stepTime(withPrompt(decode(n, 1000), prompt)).totalMs;
        expect(mixed).toBeGreaterThan(one.totalMs * 0.97);
        expect(model.lowFactor).toBeLessThan(1);
        expect(model.highFactor).toBeGreaterThan(1);
      }),
      { numRuns: 60 },
    );
  });
});
