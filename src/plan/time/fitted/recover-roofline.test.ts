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
  maxContext: 32_768,
  policy: { prefixCaching: false },
};

const GATEWAY_MS = 3;
const ALTERED = { computeShare: 0.36, bandwidthShare: 0.66, stepOverheadMs: 3.1 };

type Lengths = Pick<ObservedRequest, 'arrivalS' | 'promptTokens' | 'outputTokens'>;

/** One at a time with short prompts, one at a time with long ones, then many at once. */
function traffic(random: () => number, crowd: number): Lengths[] {
  let clockS = 0;
  const upTo = (low: number, high: number): number => low + Math.floor(random() * (high - low));
  const rows = (count: number, gapS: () => number, prompt: [number, number]): Lengths[] =>
    Array.from({ length: count }, () => {
      clockS += gapS();
      return { arrivalS: clockS, promptTokens: upTo(...prompt), outputTokens: upTo(20, 100) };
    });
  const alone = rows(20, () => 2, [30, 150]);
  const long = rows(10, () => 12, [24_000, 30_000]);
  clockS += 12;
  return [...alone, ...long, ...rows(crowd, () => -Math.log(1 - random()) / 6, [64, 3000])];
}

/** The traffic through an engine of that roofline; what is seen of a request is up to `seen`. */
function served(
  constants: RooflineConstants,
  rows: readonly Lengths[],
  seen: (timesMs: { ttft: number; tpot: number }) => { ttftMs: number; tpotMs: number },
): ObservedRequest[] {
  const time = rooflineStepTime(hardware, constants);
  if (!time.ok) throw time.error;
  const { log } = runFleet({
    replicas: [{ engine, time: time.value, power: null, accelerators: 1 }],
    requests: rows,
  });
  return rows.map((row, i) => {
    const firstS = log.firstTokenS[i] ?? 0;
    const tpot = (((log.lastTokenS[i] ?? 0) - firstS) * 1e3) / (row.outputTokens - 1);
    return { ...row, ...seen({ ttft: (firstS - row.arrivalS) * 1e3, tpot }) };
  });
}

function recovered(observed: readonly ObservedRequest[], engineTimes: boolean) {
  const result = recoverRoofline(observed, { hardware, engine, engineTimes });
  if (!result.ok) throw result.error;
  return result.value;
}

describe('recoverRoofline', () => {
  it('recovers altered figures within 5 % from times of the engine itself', () => {
    const source = createRandom(11);
    const random = () => source.uniform();
    const constants = { ...ROOFLINE_CONSTANTS, ...ALTERED };
    const observed = served(constants, traffic(random, 60), ({ ttft, tpot }) => ({
      ttftMs: ttft,
      tpotMs: tpot,
    }));
    // The gateway has a request a few milliseconds before the engine has it.
    for (const one of observed) one.arrivalS -= 0.005 * random();
    const { constants: found, beforePct, afterPct, errorShare } = recovered(observed, true);
    for (const name of ['computeShare', 'bandwidthShare', 'stepOverheadMs'] as const) {
      expect(Math.abs(found[name] / ALTERED[name] - 1), name).toBeLessThan(0.05);
    }
    expect(beforePct.tpot).toBeGreaterThan(10);
    expect(afterPct.tpot).toBeLessThan(2);
    expect(errorShare).toBeLessThan(0.1);
  });

  it('comes near them from what a client behind a gateway sees', () => {
    const source = createRandom(11);
    const random = () => source.uniform();
    const noise = (share: number) => 1 + (random() - 0.5) * 2 * share;
    const constants = { ...ROOFLINE_CONSTANTS, ...ALTERED };
    // A replay through the gateway has a noise of 0.1 % in TPOT.
    const observed = served(constants, traffic(random, 90), ({ ttft, tpot }) => ({
      ttftMs: (ttft + GATEWAY_MS) * noise(0.02),
      tpotMs: tpot * noise(0.002),
    }));
    const { constants: found, beforePct, afterPct } = recovered(observed, false);
    // Weights read and the overhead of a step are nearly one sum: they are told apart less well.
    const bounds = { computeShare: 0.05, bandwidthShare: 0.1, stepOverheadMs: 0.2 };
    for (const name of ['computeShare', 'bandwidthShare', 'stepOverheadMs'] as const) {
      const off = Math.abs(found[name] / ALTERED[name] - 1);
      expect(off, `${name} ${found[name]}`).toBeLessThan(bounds[name]);
    }
    expect(afterPct.tpot).toBeLessThan(2);
    expect(afterPct.ttft).toBeLessThan(beforePct.ttft / 3);
  });

  it('refuses too few requests', () => {
    const one = { arrivalS: 0, promptTokens: 9, outputTokens: 9, ttftMs: 9, tpotMs: 9 };
    const few = Array.from({ length: 10 }, () => one);
    const result = recoverRoofline(few, { hardware, engine });
    expect(result.ok ? '' : result.error.message).toMatch(/10 requests are too few/);
  });
});
