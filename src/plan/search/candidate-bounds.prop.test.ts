import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulateServing } from '../serving/simulate-serving.ts';
import type { ServingRequest } from '../serving/serving-request.ts';
import { planSchema } from '../plan-file/plan-schema.ts';
import type { Candidate } from './candidate.ts';
import { candidateBounds } from './candidate-bounds.ts';
import { replicaModel } from './replica-model.ts';
import { loadStepTimes } from './load-step-times.ts';

const candidates: fc.Arbitrary<Candidate> = fc.record({
  accelerator: fc.constantFrom('l40s', 'a100-sxm', 'h100-sxm'),
  quantization: fc.constantFrom('bf16', 'fp8'),
  tensorParallel: fc.constantFrom(1, 2, 4),
  maxSequences: fc.constantFrom(1, 4, 32, 256),
  maxBatchedTokens: fc.constantFrom(16, 512, 8192),
  gpuMemoryShare: fc.constantFrom(0.5, 0.9),
  routing: fc.constant('least-outstanding'),
  replicas: fc.constant(1),
});

const requests: fc.Arbitrary<ServingRequest[]> = fc
  .array(
    fc.record({
      gapS: fc.double({ min: 0, max: 0.5, noNaN: true }),
      promptTokens: fc.integer({ min: 1, max: 4000 }),
      outputTokens: fc.integer({ min: 1, max: 200 }),
      start: fc.option(fc.nat(3), { nil: null }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((rows) => {
    let arrivalS = 0;
    return rows.map(({ gapS, start, ...tokens }, i) => ({
      arrivalS: (arrivalS += gapS),
      ...tokens,
      // Some begin alike: their first block is one of four texts, the rest is their own.
      blockIds:
        start === null || tokens.promptTokens <= 512
          ? null
          : [
              start,
              ...Array.from(
                { length: Math.floor(tokens.promptTokens / 512) },
                (_, k) => 100 * (i + 1) + k,
              ),
            ],
      tokensPerBlockId: 512,
    }));
  });

/** Operator tables, the roofline, and fits of a dense model and a mixture. */
const models = ['llama-3.1-8b', 'qwen3-30b-a3b', 'qwen3-32b', 'gpt-oss-120b'];
const PLAN = planSchema.parse({});

describe('bounds of a candidate', () => {
  it('are never beaten by a simulated run', async () => {
    await fc.assert(
      fc.asyncProperty(
        candidates,
        requests,
        fc.constantFrom(...models),
        async (candidate, rows, name) => {
          await loadStepTimes(PLAN, name, [candidate]);
          const model = replicaModel(PLAN, candidate, name);
          if (!model.ok) return;
          const bounds = candidateBounds(candidate, model.value, rows, 1);
          const run = simulateServing({ replicas: [model.value.spec], requests: rows });
          if (!run.ok) throw run.error;
          const { value } = run;
          if (!bounds.fits) {
            expect(value.requests.refused).toBeGreaterThan(0);
            return;
          }
          // A sum in another order may differ in its last digits.
          const slack = 1 + 1e-9;
          for (const metric of ['ttftMs', 'tpotMs', 'e2eMs'] as const) {
            for (const percentile of ['p95', 'p99'] as const) {
              const simulated = value[metric][percentile].value ?? 0;
              expect(bounds.best[metric][percentile]).toBeLessThanOrEqual(simulated * slack);
            }
          }
          // At one request a second the load is the least engine seconds of a request.
          const busyS = (1 - value.utilization.idle) * value.spanS;
          expect(bounds.loadLowest * rows.length).toBeLessThanOrEqual(busyS * slack + 1e-9);
        },
      ),
      { numRuns: 60 },
    );
  });
});
