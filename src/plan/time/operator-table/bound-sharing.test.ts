import { describe, expect, it } from 'vitest';
import { attentionTime } from './attention-time.ts';
import { completeGrid } from './grid.ts';
import type { OperatorTable } from './operator-table.ts';
import { findShippedTable } from './shipped-tables.ts';

const shipped = async (hardware: string): Promise<OperatorTable> => {
  const key = { model: 'llama-3.1-8b', hardware, numberFormat: 'bf16', tensorParallel: 1 };
  const table = await findShippedTable(key);
  if (table === null) throw new Error(`no table of ${hardware}`);
  return table;
};

describe('batches beside a prompt that are larger than measured', () => {
  it.each(['rtx-4090', 'rtx-pro-6000'])(
    'cost between what the last batch did and one read a query head, on %s',
    async (hardware) => {
      const time = attentionTime(await shipped(hardware), 4);
      const pairs = (256 * 257) / 2;
      for (const context of [1024, 4096, 8192]) {
        const added = (n: number): number =>
          time.mixed(256, pairs, n, context) - time.mixed(256, pairs, 0, context);
        const least = added(128) / time.decode(128, context);
        const ratio = added(256) / time.decode(256, context);
        expect(ratio).toBeGreaterThanOrEqual(least * 0.999);
        expect(ratio).toBeLessThanOrEqual(Math.max(least, 4) * 1.001);
      }
    },
  );
});

describe('cells below the smallest measured', () => {
  const fill = (values: Array<number | null>): number[] => [
    ...completeGrid([[1, 2, 4, 8]], values).values,
  ];

  it('go on along the slope, not to nothing', () => {
    expect(fill([null, 20, 40, 80])).toEqual([10, 20, 40, 80]);
    expect(fill([null, null, 12, 16])).toEqual([9, 10, 12, 16]);
  });

  it('never cost more than more work, nor less than their share of it', () => {
    expect(fill([null, 50, 40, 40])[0]).toBe(50);
    expect(fill([null, 10, 100, 200])[0]).toBe(5);
    expect(fill([null, null, null, 7])).toEqual([7, 7, 7, 7]);
  });
});
