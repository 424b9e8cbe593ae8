import { z } from 'zod';
import data from './data/collectives.json' with { type: 'json' };
import type { CollectiveModel } from './collective-model.ts';

const collectiveFile = z.strictObject({
  format: z.literal('tailrace-collectives'),
  version: z.literal(1),
  source: z.string(),
  forms: z.record(z.string(), z.array(z.number())),
  curves: z.record(z.string(), z.array(z.tuple([z.number(), z.number()]))),
});

let loaded: CollectiveModel | null = null;

/** The model that comes with the product, read on first use; its file names the tables it was fitted on. */
export function shippedCollectives(): CollectiveModel {
  if (loaded === null) {
    const { forms, curves } = collectiveFile.parse(data);
    loaded = { forms: new Map(Object.entries(forms)), curves: new Map(Object.entries(curves)) };
  }
  return loaded;
}

/** Text of the file for a model, one curve a line; four digits are far below the error of the model. */
export function collectiveText(source: string, { forms, curves }: CollectiveModel): string {
  const short = (value: number): number => Number(value.toFixed(4));
  const shortForms = Object.fromEntries([...forms].map(([name, q]) => [name, q.map(short)]));
  const lines = [...curves].map(([name, knots]) => {
    const pairs = knots.map(([at, value]) => [short(at), short(value)]);
    return `${JSON.stringify(name)}:${JSON.stringify(pairs)}`;
  });
  const head = { format: 'tailrace-collectives', version: 1, source, forms: shortForms };
  return `${JSON.stringify(head).slice(0, -1)},\n"curves":{\n${lines.join(',\n')}\n}}\n`;
}
