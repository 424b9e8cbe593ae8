import { describe, expect, it } from 'vitest';
import { TPOT_SCALE } from './closed-loop-fit.ts';
import { fitResiduals, leaveGroupOut, residualAt } from './residual-process.ts';
import type { Point } from './similarity.ts';

const point = (model: string, load: number): Point => ({
  engine: 'vllm',
  model,
  accelerator: 'h100-sxm',
  quantization: 'fp8',
  layout: 't1p1d1',
  dataParallel: false,
  numbers: [load, 10, 10, 0],
});

/** Two models, one 20 % slower than the form and one 10 % faster, at four loads. */
const points = ['a', 'b'].flatMap((model) => [0, 2, 4, 6].map((load) => point(model, load)));
const residuals = Float64Array.from(points, ({ model }) => (model === 'a' ? 0.2 : -0.1));

describe('residual process', () => {
  it('learns the effect of a model, shrunk toward zero', () => {
    const fitted = fitResiduals(points, residuals, TPOT_SCALE);
    const slow = residualAt(fitted, point('a', 3));
    expect(slow).toBeCloseTo(0.2, 1);
    const once = residualAt(
      fitResiduals(points.slice(0, 1), residuals.slice(0, 1), TPOT_SCALE),
      point('a', 0),
    );
    expect(once).toBeGreaterThan(0.1);
    expect(once).toBeLessThan(0.2);
    expect(Math.abs(residualAt(fitted, point('c', 3)))).toBeLessThan(slow / 2);
  });

  it('counts a wild measurement less than a usual one', () => {
    const wild = residuals.slice();
    wild[1] = 3;
    const calm = residualAt(fitResiduals(points, residuals, TPOT_SCALE), point('a', 3));
    const disturbed = residualAt(fitResiduals(points, wild, TPOT_SCALE), point('a', 3));
    expect(disturbed - calm).toBeLessThan(0.2);
  });

  it('finds the error of a group that is left out as a fit without it would', () => {
    const fitted = fitResiduals(points, residuals, TPOT_SCALE);
    const errors = leaveGroupOut(
      fitted,
      points.map(({ model }) => model),
    );
    const others = points.filter(({ model }) => model === 'b');
    const without = fitResiduals(others, residuals.slice(4), TPOT_SCALE);
    points.slice(0, 4).forEach((one, i) => {
      // The weights of the measurements are re-estimated in a fit without the group: near, not equal.
      expect(errors[i]).toBeCloseTo(0.2 - residualAt(without, one), 2);
    });
  });
});
