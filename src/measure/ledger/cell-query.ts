import type { BlockTable } from './block-table.ts';
import { TailraceError } from '../../records/errors.ts';
import {
  boundedKey,
  cellIn,
  emptyCell,
  hourMs,
  keyText,
  mergeFacts,
  minuteMs,
  type CellMap,
  type MinuteCells,
  type StoredCell,
} from './cell-store.ts';
import type { Exemplar, Grouping, Window } from './ledger.ts';
import {
  ceilTo,
  coarseTiersMs,
  coverOf,
  floorTo,
  tiersMs,
  type BlockKey,
  type StartsOf,
} from './rollup-blocks.ts';
import { busiestTenants, foldTenants } from './top-tenants.ts';

const exemplarsMax = 512;
/** Cells of decoded blocks that are kept at hand; 24 hours of 500 tenants are 12,000. */
const decodedMax = 32_768;
/** Groups of one answer; far above what one segment may hold, see `groupsMax`. */
const mergedGroupsMax = 4000;
const stepsMax = 20_000;

/** Windows of rollups are whole minutes: the start is rounded down, the end up. */
export const wholeMinutes = ({ fromMs, toMs }: Window): Window => ({
  fromMs: Math.floor(fromMs / minuteMs) * minuteMs,
  toMs: Math.ceil(toMs / minuteMs) * minuteMs,
});

/** Whole minutes, but a window that reaches back to where only hours are kept starts with one. */
function wholeRollups(window: Window, minutesFromMs: number): Window {
  const { fromMs, toMs } = wholeMinutes(window);
  return { fromMs: fromMs < minutesFromMs ? Math.floor(fromMs / hourMs) * hourMs : fromMs, toMs };
}

/** What a query is answered from. `topTenants`: as configured; the rest are `other`. */
export interface CellSource {
  unsealed: MinuteCells;
  topTenants: number;
  /** Rollups per minute are kept from here on; before it time counts in whole hours. */
  minutesFromMs: number;
}

export interface CellQuestion {
  window: Window;
  by: Grouping;
  service?: string;
}

/** Merges rollup rows and unsealed cells into the cells of a window. */
export class CellQuery {
  readonly #blocks: BlockTable;
  /** Decoded blocks by name; those not asked for the longest go first. */
  readonly #decoded = new Map<string, CellMap>();
  #decodedCells = 0;

  constructor(blocks: BlockTable) {
    this.#blocks = blocks;
  }

  cells(source: CellSource, question: CellQuestion): StoredCell[] {
    const window = wholeRollups(question.window, source.minutesFromMs);
    const map = this.#merge(source, question, window);
    if (question.by !== 'tenant') return [...map.values()];
    const kept = busiestTenants([map], source.topTenants);
    return [...foldTenants(map, kept, exemplarsMax).values()];
  }

  /** Throws TR_WINDOW_INVALID when there would be more than `stepsMax` steps. */
  series(
    source: CellSource,
    question: CellQuestion & { stepMs: number },
  ): Array<{ window: Window; cells: StoredCell[] }> {
    const stepMs = Math.max(1, Math.ceil(question.stepMs / minuteMs)) * minuteMs;
    const { fromMs, toMs } = wholeRollups(question.window, source.minutesFromMs);
    if (!((toMs - fromMs) / stepMs <= stepsMax)) {
      throw new TailraceError('TR_WINDOW_INVALID', `a series has at most ${stepsMax} steps`, {
        field: 'stepMs',
      });
    }
    const steps: Array<{ window: Window; map: CellMap }> = [];
    for (let at = fromMs; at < toMs;) {
      // At multiples of the step, where blocks begin too.
      const window = { fromMs: at, toMs: Math.min(toMs, floorTo(at, stepMs) + stepMs) };
      steps.push({ window, map: this.#merge(source, question, window) });
      at = window.toMs;
    }
    if (question.by !== 'tenant') {
      return steps.map(({ window, map }) => ({ window, cells: [...map.values()] }));
    }
    const maps = steps.map(({ map }) => map);
    const kept = busiestTenants(maps, source.topTenants);
    return steps.map(({ window, map }) => ({
      window,
      cells: [...foldTenants(map, kept, exemplarsMax).values()],
    }));
  }

  #merge(source: CellSource, question: CellQuestion, window: Window): CellMap {
    const { by, service } = question;
    const result: CellMap = new Map();
    const max = Math.max(mergedGroupsMax, source.topTenants * 10);
    /** Cells of blocks that stand in the result as they are: most steps of a series meet no second one. */
    const borrowed = new Set<StoredCell>();
    // Sorted once at the end: merging them block by block took more time than all else.
    const slowest = new Map<StoredCell, Exemplar[]>();
    const add = (into: StoredCell, cell: StoredCell): void => {
      mergeFacts(into, cell);
      const known = slowest.get(into);
      if (known === undefined) slowest.set(into, [...cell.slowest]);
      else known.push(...cell.slowest);
    };
    const take = (cells: CellMap, isBlock: boolean): void => {
      for (const [text, cell] of cells) {
        if (service !== undefined && cell.service !== service) continue;
        const known = result.get(text);
        if (known === undefined && isBlock && result.size < max / 4) {
          result.set(text, cell);
          borrowed.add(cell);
          continue;
        }
        let into = known ?? cellIn(result, boundedKey(by, result, cell, max));
        if (borrowed.delete(into)) {
          const own = emptyCell(into);
          add(own, into);
          result.set(keyText(own), own);
          into = own;
        }
        add(into, cell);
      }
    };
    const startsOf: StartsOf = (tierMs, part) => this.#blocks.startsOf(by, tierMs, part);
    for (const name of retainedCover(startsOf, window, source.minutesFromMs)) {
      take(this.#block({ grouping: by, ...name }), true);
    }
    for (const [minute, map] of source.unsealed.minutes(by)) {
      if (minute >= window.fromMs && minute < window.toMs) take(map, false);
    }
    for (const [cell, all] of slowest) {
      cell.slowest = all.sort((a, b) => b.e2eMs - a.e2eMs).slice(0, exemplarsMax);
    }
    return result;
  }

  /** To be told of every block that changes. */
  forget(keys: Iterable<BlockKey>): void {
    for (const key of keys) this.#drop(nameOf(key));
  }

  #block(key: BlockKey): CellMap {
    const name = nameOf(key);
    const cells = this.#decoded.get(name) ?? this.#blocks.block(key) ?? new Map();
    this.#drop(name);
    this.#decoded.set(name, cells);
    this.#decodedCells += cells.size;
    for (const oldest of this.#decoded.keys()) {
      if (this.#decodedCells <= decodedMax) break;
      this.#drop(oldest);
    }
    return cells;
  }

  #drop(name: string): void {
    this.#decodedCells -= this.#decoded.get(name)?.size ?? 0;
    this.#decoded.delete(name);
  }
}

const nameOf = ({ grouping, tierMs, startMs }: BlockKey): string =>
  `${grouping} ${tierMs} ${startMs}`;

/** Before the time from which minutes are kept, an hour belongs to the window that holds its start. */
function retainedCover(
  startsOf: StartsOf,
  window: Window,
  minutesFromMs: number,
): ReturnType<typeof coverOf> {
  const { fromMs, toMs } = window;
  const fineMs = ceilTo(minutesFromMs, hourMs);
  if (fromMs >= fineMs) return coverOf(startsOf, window, tiersMs);
  const old = { fromMs: ceilTo(fromMs, hourMs), toMs: ceilTo(Math.min(toMs, fineMs), hourMs) };
  return [
    ...coverOf(startsOf, old, coarseTiersMs),
    ...coverOf(startsOf, { fromMs: fineMs, toMs }, tiersMs),
  ];
}
