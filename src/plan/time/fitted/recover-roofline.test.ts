import { describe, expect, it } from 'vitest';
import { findAccelerator } from '../../../catalog/accelerators.ts';
import { findModel } from '../../../catalog/models.ts';
import { createRandom } from '../../core/random.ts';
import type { EngineSettings } from '../../engine/create-engine.ts';
import { runFleet } from '../../serving/run-fleet.ts';
import { ROOFLINE_CONSTANTS, rooflineStepTime, type RooflineConstants } from '../roofline.ts';
import { recoverRoofline, type ObservedRequest } from './recover-roofline.ts';

const model = findModel('llama-3.1-8b');
const accelerator = findAccelerator('h100-sxm');
if (model === null || accelerator === null) throw new Error('not in the catalog');
const hardware = { model, accelerator, tensorParallel: 1, quantization: 'bf16' } as const;
const engine: EngineSettings = {
  kind: 'vllm',
  maxSequences: 64,
  maxBatchedTokens: 2048,
  kvBlocks: 20_000,
  maxContext: 8192,
  policy: { prefixCaching: false },
};

const GATEWAY_MS = 3;

/** Poisson arrivals of mixed lengths through an engine whose figures are altered, behind a gateway. Noise: TTFT 2 %, TPOT 0.2 % (a replay through the gateway has 0.1). */
function served(constants: RooflineConstants, count: number): ObservedRequest[] {
  const source = createRandom(11);
  const random = () => source.uniform();
  let clockS = 0;
  const requests = Array.from({ length: count }, () => {
    clockS += -Math.log(1 - random()) / 6;
    const promptTokens = 64 + Math.floor(random() * 3000);
    return { arrivalS: clockS, promptTokens, outputTokens: 20 + Math.floor(random() * 300) };
  });
  const time = rooflineStepTime(hardware, constants);
  if (!time.ok) throw time.error;
  const { log } = runFleet({
    replicas: [{ engine, time: time.value, power: null, accelerators: 1 }],
    requests,
  });
  const noise = (share: number) => 1 + (random() - 0.5) * 2 * share;
  return requests.map(({ arrivalS, promptTokens, outputTokens }, i) => {
    const firstS = log.firstTokenS[i] ?? 0;
    const tpotMs = (((log.lastTokenS[i] ?? 0) - firstS) * 1e3 * noise(0.002)) / (outputTokens - 1);
    const ttftMs = ((firstS - arrivalS) * 1e3 + GATEWAY_MS) * noise(0.02);
    return { arrivalS, promptTokens, outputTokens, ttftMs, tpotMs };
  });
}

describe('recoverRoofline', () => {
  it('recovers altered figures of a simulated engine, and says what it gained', () => {
    const altered = { computeShare: 0.36, bandwidthShare: 0.66, stepOverheadMs: 3.1 };
    const observed = served({ ...ROOFLINE_CONSTANTS, ...altered }, 300);
    const result = recoverRoofline(observed, { hardware, engine });
    if (!result.ok) throw result.error;
    const { constants, beforePct, afterPct } = result.value;
    // Weights read and the overhead of a step are nearly one sum: they are told apart less well.
    const bounds = { computeShare: 0.05, bandwidthShare: 0.1, stepOverheadMs: 0.2 };
    for (const name of ['computeShare', 'bandwidthShare', 'stepOverheadMs'] as const) {
      const off = Math.abs(constants[name] / altered[name] - 1);
      expect(off, `${name} ${constants[name]}`).toBeLessThan(bounds[name]);
    }
    expect(beforePct.tpot).toBeGreaterThan(10);
    expect(afterPct.tpot).toBeLessThan(2);
    expect(afterPct.ttft).toBeLessThan(beforePct.ttft / 3);
  });

  it('refuses too few requests', () => {
    const result = recoverRoofline(served(ROOFLINE_CONSTANTS, 10), { hardware, engine });
    expect(result.ok ? '' : result.error.message).toMatch(/10 requests are too few/);
  });
});
