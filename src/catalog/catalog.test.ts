import { describe, expect, it } from 'vitest';
import { accelerators, findAccelerator } from './accelerators.ts';
import { activeParams, findModel, models, paramsFromShape } from './models.ts';
import { rentalPoints, typicalRental } from './rental.ts';

describe('accelerators', () => {
  it('finds by id and alias, whatever the case', () => {
    expect(findAccelerator('h100-sxm')?.denseTflops.bf16).toBe(989);
    expect(findAccelerator('H100')?.id).toBe('h100-sxm');
    expect(findAccelerator('abacus')).toBeNull();
  });

  it('has unique names and figures that hang together', () => {
    const names = accelerators().flatMap((one) => [one.id].concat(one.aliases));
    expect(new Set(names).size).toBe(names.length);
    for (const one of accelerators()) {
      const { bf16, fp8, fp4 } = one.denseTflops;
      if (bf16 !== null && fp8 !== null) expect(fp8 / bf16).toBeCloseTo(2, 1);
      if (fp8 !== null && fp4 !== null) expect(fp4).toBeGreaterThanOrEqual(2 * fp8);
      if (one.tdpW !== null && one.idleW !== null) expect(one.idleW).toBeLessThan(one.tdpW / 2);
      expect(one.idleW === null).toBe(one.idleSource === null);
      expect(one.asOf).toMatch(/^20\d\d-\d\d$/);
    }
  });
});

describe('models', () => {
  it('has shapes that give the published parameter count', () => {
    for (const shape of models()) {
      const error = Math.abs(paramsFromShape(shape) / shape.paramsTotal - 1);
      expect(error, shape.id).toBeLessThan(0.001);
    }
  });

  it('finds by id, alias and hub name', () => {
    expect(findModel('llama-3.1-8b')?.paramsTotal).toBe(8_030_261_248);
    expect(findModel('meta-llama/Llama-3.1-8B-Instruct')?.id).toBe('llama-3.1-8b');
    expect(findModel('nobody-1b')).toBeNull();
    const names = models().flatMap((one) => [one.id, ...one.aliases].map((n) => n.toLowerCase()));
    expect(new Set(names).size).toBe(names.length);
  });

  it('counts active experts as the model cards say', () => {
    const active = (id: string): number => {
      const shape = findModel(id);
      return shape === null ? Number.NaN : activeParams(shape) / 1e9;
    };
    expect(active('qwen3-30b-a3b')).toBeCloseTo(3.3, 0);
    expect(active('mixtral-8x7b')).toBeCloseTo(12.9, 1);
    expect(active('qwen3-235b-a22b')).toBeCloseTo(22, 0);
    expect(active('llama-3.1-8b')).toBeCloseTo(8.03, 2);
  });
});

describe('rental', () => {
  it('gives the range and median of on-demand points', () => {
    const h100 = typicalRental('h100-sxm');
    expect(h100).toMatchObject({
      lowUsdPerHour: 2.29,
      medianUsdPerHour: 2.95,
      highUsdPerHour: 6.98,
    });
    expect(typicalRental('b200-sxm')?.medianUsdPerHour).toBeCloseTo((4.89 + 5.5) / 2);
    expect(typicalRental('mi300x')).toBeNull();
  });

  it('names only accelerators of the catalog, and divides spot prices by the count', () => {
    for (const point of rentalPoints()) {
      if (point.accelerator !== null) expect(findAccelerator(point.accelerator)).not.toBeNull();
      if (point.spotUsdPerAcceleratorHour !== null && point.usdPerAcceleratorHour !== null) {
        expect(point.spotUsdPerAcceleratorHour).toBeLessThan(point.usdPerAcceleratorHour);
      }
    }
  });
});
