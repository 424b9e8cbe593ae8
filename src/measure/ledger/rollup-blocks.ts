import {
  boundedKey,
  cellIn,
  groupings,
  groupsMax,
  hourMs,
  mergeCell,
  minuteMs,
  type CellMap,
  type MinuteCells,
  type StoredCell,
} from './cell-store.ts';
import type { Grouping, Window } from './ledger.ts';
import { busiestTenants, foldTenants } from './top-tenants.ts';

/** Spans that rollups are kept for, coarsest first; each divides the one before it. */
export const tiersMs = [24 * hourMs, hourMs, 15 * minuteMs, minuteMs] as const;
export type TierMs = (typeof tiersMs)[number];
/**
 * Blocks that are made once their time is over, and are what is left of time whose minutes are past retention. Until then
 * finer ones tell, so that a seal does not write the day again.
 */
export const coarseTiersMs = tiersMs.filter((tierMs) => tierMs >= hourMs);
const fineTiersMs = tiersMs.filter((tierMs) => tierMs < hourMs);

/** A block of many minutes keeps more of the slowest than a minute does. */
const exemplarsPerBlockCell = 16;

/** Names a block: the cells of one grouping over one span that starts at a multiple of its length (UTC). */
export interface BlockKey {
  grouping: Grouping;
  tierMs: TierMs;
  startMs: number;
}

export type Block = BlockKey & { cells: CellMap };

/**
 * What a segment adds to each fine block that its records fall in. Tenants beyond the `topTenants` busiest of the segment
 * become `other`.
 */
export function rollupBlocks(unsealed: MinuteCells, topTenants: number): Block[] {
  const blocks: Block[] = [];
  for (const grouping of groupings) {
    const minutes = unsealed.minutes(grouping);
    const kept = grouping === 'tenant' ? busiestTenants(minutes.values(), topTenants) : null;
    let finer: Block[] = [...minutes].map(([startMs, map]) => {
      const cells = kept === null ? map : foldTenants(map, kept);
      return { grouping, tierMs: minuteMs, startMs, cells: trimmed(cells) };
    });
    blocks.push(...finer);
    for (const tierMs of fineTiersMs.toReversed().slice(1)) {
      finer = coarser(finer, tierMs).map((block) => withTopTenants(block, topTenants));
      blocks.push(...finer);
    }
  }
  return blocks;
}

/** Exemplars are half of what blocks weigh, and a tail is spoken of by its slowest twentieth. */
function trimmed(cells: CellMap): CellMap {
  const few = new Map<string, StoredCell>();
  for (const [text, cell] of cells) {
    few.set(text, { ...cell, slowest: cell.slowest.slice(0, Math.ceil(cell.requests / 10)) });
  }
  return few;
}

export function coarser(finer: readonly Block[], tierMs: TierMs): Block[] {
  const blocks = new Map<number, Block>();
  for (const { grouping, startMs, cells } of finer) {
    const start = floorTo(startMs, tierMs);
    const block = blocks.get(start) ?? { grouping, tierMs, startMs: start, cells: new Map() };
    blocks.set(start, block);
    mergeBlock(block.cells, cells, grouping);
  }
  return [...blocks.values()];
}

/** Adds cells to those of a block, which stays within `groupsMax` groups. */
export function mergeBlock(into: CellMap, from: CellMap, by: Grouping): void {
  for (const [text, cell] of from) {
    const known = into.get(text);
    const cellInto = known ?? cellIn(into, boundedKey(by, into, cell, groupsMax));
    mergeCell(cellInto, cell, exemplarsPerBlockCell);
  }
}

/** Long spans meet many tenants: beyond the busiest of a block they are `other` in it. */
export function withTopTenants(block: Block, topTenants: number): Block {
  const { grouping, tierMs, startMs, cells } = block;
  if (grouping !== 'tenant' || tierMs === minuteMs) return block;
  const kept = busiestTenants([cells], topTenants);
  return { grouping, tierMs, startMs, cells: foldTenants(cells, kept, exemplarsPerBlockCell) };
}

export const floorTo = (ms: number, spanMs: number): number => Math.floor(ms / spanMs) * spanMs;
export const ceilTo = (ms: number, spanMs: number): number => Math.ceil(ms / spanMs) * spanMs;

/** Starts of the blocks of a tier that are there and begin in a window, ascending. */
export type StartsOf = (tierMs: TierMs, window: Window) => number[];

/**
 * The blocks that hold a window of whole spans of the finest tier given: the coarsest that are there, so what an answer
 * costs goes with the groups and a few dozen blocks, not with records or segments.
 */
export function coverOf(
  startsOf: StartsOf,
  { fromMs, toMs }: Window,
  tiers: readonly TierMs[],
): Array<Omit<BlockKey, 'grouping'>> {
  const [tierMs, ...finer] = tiers;
  if (tierMs === undefined || fromMs >= toMs) return [];
  const whole = { fromMs: ceilTo(fromMs, tierMs), toMs: floorTo(toMs, tierMs) };
  const starts = whole.fromMs < whole.toMs ? startsOf(tierMs, whole) : [];
  const cover: Array<Omit<BlockKey, 'grouping'>> = [];
  let at = fromMs;
  for (const startMs of starts) {
    cover.push(...coverOf(startsOf, { fromMs: at, toMs: startMs }, finer), { tierMs, startMs });
    at = startMs + tierMs;
  }
  return [...cover, ...coverOf(startsOf, { fromMs: at, toMs }, finer)];
}
