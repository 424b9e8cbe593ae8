import { describe, expect, it } from 'vitest';
import { findAccelerator } from '../../catalog/accelerators.ts';
import { findModel } from '../../catalog/models.ts';
import { chooseStepTime, loadStepTime, type ChosenStepTime } from './choose-step-time.ts';
import type { Quantization } from '../../catalog/footprint.ts';
import type { ReplicaHardware } from './footprint.ts';
import type { OwnFigures } from './own-figures.ts';
import { noWork } from './step-time.ts';

const FIGURES: OwnFigures = {
  model: 'llama-3.1-8b',
  accelerator: 'h100-sxm',
  quantization: 'bf16',
  tensorParallel: 1,
  computeShare: 0.4,
  bandwidthShare: 0.4,
  stepOverheadMs: 3,
  errorShare: 0.05,
};

function hardwareOf(model: string, accelerator: string, quantization: Quantization) {
  const shape = findModel(model);
  const card = findAccelerator(accelerator);
  if (shape === null || card === null) throw new Error('not in the catalog');
  return { model: shape, accelerator: card, quantization, tensorParallel: 1 };
}

async function chosen(
  hardware: ReplicaHardware,
  own: readonly OwnFigures[] = [],
): Promise<ChosenStepTime> {
  const need = { hardware, maxSequences: 64, own };
  await loadStepTime(need);
  const time = chooseStepTime(need);
  if (!time.ok) throw time.error;
  return time.value;
}

const width = ({ lowFactor, highFactor }: ChosenStepTime): number => highFactor / lowFactor;

describe('the choice of a step time', () => {
  it('goes from measured tables over the fit to published peaks', async () => {
    const table = await chosen(hardwareOf('llama-3.1-8b', 'h100-sxm', 'bf16'));
    const fit = await chosen(hardwareOf('qwen3-32b', 'h100-sxm', 'bf16'));
    const peaks = await chosen(hardwareOf('qwen3-30b-a3b', 'h100-sxm', 'fp8'));
    expect(table.provenance).toBe('measured-table');
    expect(fit.provenance).toBe('fitted');
    expect(peaks.provenance).toBe('roofline');
    for (const one of [table, fit, peaks]) {
      expect(one.lowFactor).toBeLessThan(1);
      expect(one.highFactor).toBeGreaterThan(1);
    }
    expect(width(table)).toBeLessThan(width(peaks));
  });

  it('is less sure of a pair that was not measured together, though both were seen', async () => {
    const measured = await chosen(hardwareOf('llama-3.1-8b', 'h200-sxm', 'fp8'));
    const apart = await chosen(hardwareOf('llama-3.1-8b', 'b200-sxm', 'fp8'));
    expect(apart.provenance).toBe('fitted');
    expect(width(apart)).toBeGreaterThan(width(measured));
  });

  it('puts figures of that very engine first, and only of that one', async () => {
    const hardware = hardwareOf('llama-3.1-8b', 'h100-sxm', 'bf16');
    const own = await chosen(hardware, [FIGURES]);
    const decode = { ...noWork(), decodeTokens: 1, decodeContextTokens: 100, sampledTokens: 1 };
    const table = await chosen(hardware);
    expect(own.provenance).toBe('fitted');
    expect([own.lowFactor, own.highFactor]).toEqual([0.95, 1.05]);
    expect(own.stepTime(decode).totalMs).toBeGreaterThan(1.5 * table.stepTime(decode).totalMs);
    const other = await chosen({ ...hardware, tensorParallel: 2 }, [FIGURES]);
    expect(other.highFactor).not.toBe(1.05);
  });

  it('has step times only of what was read', () => {
    const hardware = { ...hardwareOf('llama-3.1-8b', 'l4', 'int8') };
    expect(() => chooseStepTime({ hardware, maxSequences: 3, own: [] })).toThrow(/loadStepTime/);
  });
});
