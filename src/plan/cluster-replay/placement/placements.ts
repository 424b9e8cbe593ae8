import { bestFit } from './best-fit.ts';
import { clustering } from './clustering.ts';
import { dotProduct } from './dot-product.ts';
import { fgd } from './fgd.ts';
import { firstFit } from './first-fit.ts';
import { packing } from './packing.ts';
import type { PlacementMaker } from './placement.ts';
import { random } from './random.ts';

export type PlacementName =
  | 'random'
  | 'first-fit'
  | 'best-fit'
  | 'dot-product'
  | 'clustering'
  | 'packing'
  | 'fgd';

/** Every placement by the name people give it. */
export const placements: Readonly<Record<PlacementName, PlacementMaker>> = {
  random,
  'first-fit': firstFit,
  'best-fit': bestFit,
  'dot-product': dotProduct,
  clustering,
  packing,
  fgd,
};
