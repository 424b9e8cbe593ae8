import type { OperatorTable } from './operator-table.ts';
import { parseOperatorTable } from './operator-table-file.ts';

interface ShippedTable {
  model: string;
  hardware: string;
  numberFormat: string;
  tensorParallel: number;
  load: () => Promise<{ default: unknown }>;
}

/** Made by tools/convert-operator-tables.ts; read only when asked for. */
const shipped: readonly ShippedTable[] = [
  {
    model: 'llama-3.1-8b',
    hardware: 'h100-sxm',
    numberFormat: 'bf16',
    tensorParallel: 1,
    load: () =>
      import('../../../catalog/operator-tables/h100-sxm.llama-3.1-8b.bf16.tp1.json', {
        with: { type: 'json' },
      }),
  },
  {
    model: 'llama-3.1-8b',
    hardware: 'rtx-4090',
    numberFormat: 'bf16',
    tensorParallel: 1,
    load: () =>
      import('../../../catalog/operator-tables/rtx-4090.llama-3.1-8b.bf16.tp1.json', {
        with: { type: 'json' },
      }),
  },
  {
    model: 'llama-3.1-8b',
    hardware: 'rtx-pro-6000',
    numberFormat: 'bf16',
    tensorParallel: 1,
    load: () =>
      import('../../../catalog/operator-tables/rtx-pro-6000.llama-3.1-8b.bf16.tp1.json', {
        with: { type: 'json' },
      }),
  },
  {
    model: 'qwen3-30b-a3b',
    hardware: 'rtx-pro-6000',
    numberFormat: 'bf16',
    tensorParallel: 1,
    load: () =>
      import('../../../catalog/operator-tables/rtx-pro-6000.qwen3-30b-a3b.bf16.tp1.json', {
        with: { type: 'json' },
      }),
  },
  {
    model: 'qwen3-32b',
    hardware: 'rtx-pro-6000',
    numberFormat: 'bf16',
    tensorParallel: 2,
    load: () =>
      import('../../../catalog/operator-tables/rtx-pro-6000.qwen3-32b.bf16.tp2.json', {
        with: { type: 'json' },
      }),
  },
];

/** What there are tables for. */
export type TableKey = Omit<ShippedTable, 'load'>;

export const shippedTableKeys = (): TableKey[] => shipped.map(({ load: _load, ...key }) => key);

/** The shipped table of that model, accelerator (catalog ids), format and parallelism; null without one. */
export async function findShippedTable(key: TableKey): Promise<OperatorTable | null> {
  const found = shipped.find(
    (one) =>
      one.model === key.model &&
      one.hardware === key.hardware &&
      one.numberFormat === key.numberFormat &&
      one.tensorParallel === key.tensorParallel,
  );
  if (found === undefined) return null;
  const table = parseOperatorTable((await found.load()).default, `${key.hardware}.${key.model}`);
  if (!table.ok) throw table.error;
  return table.value;
}
