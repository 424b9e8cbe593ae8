import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shippedCollectives } from './collective-file.ts';
import { exchangeTime, fitCollectives } from './collective-model.ts';
import { OPERATIONS, type Exchange, type MeasuredExchange } from './exchange.ts';

const exchange = (changes: Partial<Exchange> = {}): Exchange => ({
  software: 'nccl',
  operation: 'all_reduce',
  dtype: 'half',
  ranks: 8,
  ranksPerNode: 8,
  accelerator: 'h100-sxm',
  linkGbPerS: 450,
  bytes: 2 ** 20,
  ...changes,
});

describe('exchangeTime', () => {
  it('gives what NCCL measured on eight H100', () => {
    // aiconfigurator h100_sxm, nccl 2.29.2, all_reduce half: 1,048,576 elements in 0.03818 ms.
    const { ms, provenance } = exchangeTime(shippedCollectives(), exchange({ bytes: 2 ** 21 }));
    expect(ms).toBeCloseTo(0.03818, 3);
    expect(provenance).toBe('measured-table');
  });

  it('answers a machine that was not measured from the common form, and says so', () => {
    const answer = exchangeTime(
      shippedCollectives(),
      exchange({ accelerator: 'mi300x', linkGbPerS: 448 }),
    );
    expect(answer.provenance).toBe('fitted');
    expect(answer.ms).toBeGreaterThan(0.01);
    expect(answer.ms).toBeLessThan(0.2);
  });

  it('is free for one rank, and in the common form never falls with bytes or rises with the link', () => {
    expect(exchangeTime(shippedCollectives(), exchange({ ranks: 1 })).ms).toBe(0);
    const bytes = fc.integer({ min: 1, max: 2 ** 30 });
    const ranks = fc.constantFrom(2, 4, 8, 16);
    const model = shippedCollectives();
    const bare = { forms: model.forms, curves: new Map() };
    fc.assert(
      fc.property(fc.constantFrom(...OPERATIONS), bytes, bytes, ranks, (operation, a, b, n) => {
        const at = (size: number, linkGbPerS: number) =>
          exchangeTime(bare, exchange({ operation, ranks: n, bytes: size, linkGbPerS })).ms;
        expect(at(a + b, 450)).toBeGreaterThanOrEqual(at(a, 450));
        expect(at(a, 900)).toBeLessThanOrEqual(at(a, 450));
      }),
    );
  });
});

describe('fitCollectives', () => {
  it('recovers a latency and a bandwidth from exact measurements', () => {
    const measured = Array.from({ length: 20 }, (_, i): MeasuredExchange => {
      const bytes = 2 ** (8 + i);
      // 12 us, and 1.75 times the bytes over 300 GB/s.
      return { ...exchange({ bytes }), ms: 0.012 + (1.75 * bytes) / 300e6 };
    });
    const model = fitCollectives(measured.filter((_, i) => i % 2 === 0));
    for (const row of measured) {
      expect(Math.abs(exchangeTime(model, row).ms / row.ms - 1)).toBeLessThan(0.05);
    }
  });
});
