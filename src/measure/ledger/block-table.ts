import type { DatabaseSync } from 'node:sqlite';
import { decodeBlock, encodeBlock } from './block-codec.ts';
import { groupings, hourMs, minuteMs, type CellMap } from './cell-store.ts';
import type { Grouping, Window } from './ledger.ts';
import {
  coarser,
  coarseTiersMs,
  coverOf,
  floorTo,
  mergeBlock,
  tiersMs,
  withTopTenants,
  type Block,
  type BlockKey,
  type StartsOf,
} from './rollup-blocks.ts';

/** Most records of a span have come by so long after its end; later ones are added to its block. */
const settledMs = 15 * minuteMs;

/** The rollups of a catalogue: minutes and quarters of an hour as they come, hours and days once they are over. */
export class BlockTable {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Adds what a segment brings, and makes the coarse blocks that are due; returns which blocks are other ones now. */
  add(
    fine: readonly Block[],
    segment: { minMs: number; maxMs: number },
    topTenants: number,
  ): BlockKey[] {
    const late = this.#lateBlocks(fine);
    for (const block of [...fine, ...late]) this.#addToBlock(block, topTenants);
    const made = this.#makeCoarse(
      // The hour before too: it may have been too young at the last seal.
      { fromMs: segment.minMs - 2 * hourMs, toMs: segment.maxMs - settledMs },
      topTenants,
    );
    return [...fine, ...late, ...made];
  }

  replaceAll(fine: readonly Block[], topTenants: number): void {
    this.#db.exec('DELETE FROM blocks');
    for (const block of fine) this.#addToBlock(block, topTenants);
    const startsMs = fine.map(({ startMs }) => startMs);
    const fromMs = startsMs.reduce((min, one) => Math.min(min, one), Number.POSITIVE_INFINITY);
    const toMs = startsMs.reduce((max, one) => Math.max(max, one), Number.NEGATIVE_INFINITY);
    if (startsMs.length > 0) this.#makeCoarse({ fromMs, toMs }, topTenants);
  }

  /** Blocks are changed by reading them: a seal touches a few, and only those of its own hours hold anything yet. */
  #addToBlock(added: Block, topTenants: number): void {
    const stored = this.block(added);
    if (stored !== null) mergeBlock(stored, added.cells, added.grouping);
    this.#putBlock({ ...added, cells: stored ?? added.cells }, topTenants);
  }

  /** What records that came late add to coarse blocks that were made already. */
  #lateBlocks(fine: readonly Block[]): Block[] {
    const late: Block[] = [];
    for (const grouping of groupings) {
      const minutes = fine.filter((one) => one.grouping === grouping && one.tierMs === minuteMs);
      for (const tierMs of coarseTiersMs) {
        const startOf = ({ startMs }: Block): number => floorTo(startMs, tierMs);
        const there = new Set(
          [...new Set(minutes.map(startOf))].filter((startMs) =>
            this.#holds({ grouping, tierMs, startMs }),
          ),
        );
        late.push(
          ...coarser(
            minutes.filter((one) => there.has(startOf(one))),
            tierMs,
          ),
        );
      }
    }
    return late;
  }

  /** Makes the coarse blocks that are not there of the whole spans in a window. */
  #makeCoarse({ fromMs, toMs }: Window, topTenants: number): BlockKey[] {
    const made: BlockKey[] = [];
    for (const grouping of groupings) {
      const startsOf: StartsOf = (tierMs, window) => this.startsOf(grouping, tierMs, window);
      for (const tierMs of coarseTiersMs.toReversed()) {
        const finer = tiersMs.filter((one) => one < tierMs);
        const [next = minuteMs] = finer;
        const window = { fromMs: floorTo(fromMs, tierMs), toMs: floorTo(toMs, tierMs) };
        const starts = startsOf(next, window).map((startMs) => floorTo(startMs, tierMs));
        for (const startMs of new Set(starts)) {
          const key = { grouping, tierMs, startMs };
          if (this.#holds(key)) continue;
          const cells: CellMap = new Map();
          for (const name of coverOf(
            startsOf,
            { fromMs: startMs, toMs: startMs + tierMs },
            finer,
          )) {
            mergeBlock(cells, this.block({ grouping, ...name }) ?? new Map(), grouping);
          }
          this.#putBlock({ ...key, cells }, topTenants);
          made.push(key);
        }
      }
    }
    return made;
  }

  #holds({ grouping, tierMs, startMs }: BlockKey): boolean {
    return this.startsOf(grouping, tierMs, { fromMs: startMs, toMs: startMs + 1 }).length > 0;
  }

  #putBlock(block: Block, topTenants: number): void {
    const { grouping, tierMs, startMs, cells } = withTopTenants(block, topTenants);
    this.#db
      .prepare('INSERT OR REPLACE INTO blocks (grouping, tierMs, startMs, block) VALUES (?,?,?,?)')
      .run(grouping, tierMs, startMs, encodeBlock(cells));
  }

  block({ grouping, tierMs, startMs }: BlockKey): CellMap | null {
    const row = this.#db
      .prepare('SELECT block FROM blocks WHERE grouping = ? AND tierMs = ? AND startMs = ?')
      .get(grouping, tierMs, startMs);
    const bytes = row?.['block'];
    return bytes instanceof Uint8Array ? decodeBlock(bytes) : null;
  }

  /** Starts of the blocks that begin in a window, ascending. */
  startsOf(grouping: Grouping, tierMs: number, window: Window): number[] {
    return this.#db
      .prepare(
        'SELECT startMs FROM blocks WHERE grouping = ? AND tierMs = ? AND startMs >= ? AND startMs < ? ORDER BY startMs',
      )
      .all(grouping, tierMs, window.fromMs, window.toMs)
      .map((row) => Number(row['startMs']));
  }

  /** Fine blocks that end by the one time, and all that end by the other, are forgotten. */
  dropBefore(times: { fineMs: number; allMs: number; topTenants: number }): void {
    const { fineMs, allMs, topTenants } = times;
    const { oldest } = this.#db
      .prepare('SELECT min(startMs) AS oldest FROM blocks WHERE tierMs < ?')
      .get(hourMs) ?? { oldest: null };
    if (typeof oldest === 'number') this.#makeCoarse({ fromMs: oldest, toMs: fineMs }, topTenants);
    const drop = this.#db.prepare('DELETE FROM blocks WHERE tierMs = ? AND startMs + tierMs <= ?');
    for (const tierMs of tiersMs) drop.run(tierMs, coarseTiersMs.includes(tierMs) ? allMs : fineMs);
  }
}
