import data from './data/silicon-fit.json' with { type: 'json' };
import { readFit, type LoadedFit } from './fit-file.ts';

let loaded: LoadedFit | null = null;

/** The fit that comes with the product, read on first use: runs of AIConfigurator's silicon sample. */
export function shippedFit(): LoadedFit {
  loaded ??= readFit(data);
  return loaded;
}
