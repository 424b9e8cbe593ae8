import type { CoolingType } from '../../catalog/cooling.ts';
import type { LeadTimeKind } from '../../catalog/lead-times.ts';

/** What a place of the tree is; it decides what is ordered when it must grow. */
export const elementKinds = [
  'utility',
  'transformer',
  'switchgear',
  'generator',
  'ups',
  'feed',
  'row',
  'pdu',
  'rack',
  'air-cooling',
  'liquid-cooling',
] as const;
export type ElementKind = (typeof elementKinds)[number];

/**
 * How many of the units may carry load: all (N), all but one (N+1), or half (2N: each side alone
 * carries everything).
 */
export type Redundancy = 'N' | 'N+1' | '2N';

/** Equal nodes in one rack. */
export interface NodeGroup {
  name: string;
  count: number;
  /** The most one node draws under its power policy. */
  kwPerNode: number;
}

/** One place of the power tree: what feeds it is its parent. */
export interface SiteElement {
  id: string;
  kind: ElementKind;
  /** Rating of one unit; null: no limit of its own. */
  kwPerUnit: number | null;
  units: number;
  redundancy: Redundancy;
  /** Share of the rating that may be used, 0..1 (breaker rules: 0.8 of continuous load in the US). */
  derate: number;
  /** Lost between this element and what it feeds, percent of what it feeds. */
  lossPercent: number;
  /** Of a rack: how its heat is taken away; null: not told, so not checked. */
  cooling: CoolingType | null;
  nodes: readonly NodeGroup[];
  children: readonly SiteElement[];
}

/** What grows an element of each kind. */
export const ORDER_OF: Readonly<Record<ElementKind, LeadTimeKind>> = {
  utility: 'grid-connection',
  transformer: 'transformer',
  switchgear: 'switchgear',
  generator: 'generator',
  ups: 'power-distribution',
  feed: 'power-distribution',
  row: 'power-distribution',
  pdu: 'power-distribution',
  rack: 'power-distribution',
  'air-cooling': 'liquid-cooling',
  'liquid-cooling': 'liquid-cooling',
};
