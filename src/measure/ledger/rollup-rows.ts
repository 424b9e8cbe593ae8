import { sketchFromBytes } from '../sketch/create-sketch.ts';
import {
  boundedKey,
  cellIn,
  emptyCell,
  groupings,
  groupsMax,
  hourMs,
  keyText,
  mergeCell,
  minuteMs,
  type CellMap,
  type MinuteCells,
  type StoredCell,
} from './cell-store.ts';
import type { Grouping } from './ledger.ts';
import { busiestTenants, foldTenants } from './top-tenants.ts';

/**
 * Rollups of one sealed segment in three tiers: each minute, each hour, the whole segment. They are immutable like the segment, so a
 * query merges the coarsest rows that its window covers.
 */
export type Tier = 'minute' | 'hour' | 'segment';

export interface RollupRow {
  grouping: Grouping;
  tier: Tier;
  startMs: number;
  key: string;
  numbers: string;
  ttft: Uint8Array;
  tpot: Uint8Array;
  e2e: Uint8Array;
  slowest: string;
}

const exemplarsPerCoarseCell = 64;

/** All rows of the unsealed cells; tenants beyond the `topTenants` busiest of the segment become `other`. */
export function rollupRows(
  cells: MinuteCells,
  topTenants: number,
  segmentStartMs: number,
): RollupRow[] {
  const rows: RollupRow[] = [];
  for (const by of groupings) {
    const minutes = cells.minutes(by);
    const kept = by === 'tenant' ? busiestTenants(minutes.values(), topTenants) : null;
    const hours = new Map<number, CellMap>();
    const whole: CellMap = new Map();
    for (const [minute, map] of minutes) {
      const folded = kept === null ? map : foldTenants(map, kept);
      const hour = Math.floor(minute / hourMs) * hourMs;
      const hourCells = hours.get(hour) ?? new Map<string, StoredCell>();
      hours.set(hour, hourCells);
      for (const cell of folded.values()) {
        rows.push(toRow(by, 'minute', minute, cell));
        for (const coarse of [hourCells, whole]) {
          const key = kept === null ? boundedKey(by, coarse, cell, groupsMax) : cell;
          mergeCell(cellIn(coarse, key), cell, exemplarsPerCoarseCell);
        }
      }
    }
    for (const [hour, map] of hours) {
      for (const cell of map.values()) rows.push(toRow(by, 'hour', hour, cell));
    }
    for (const cell of whole.values()) {
      rows.push(toRow(by, 'segment', Math.floor(segmentStartMs / minuteMs) * minuteMs, cell));
    }
  }
  return rows;
}

function toRow(grouping: Grouping, tier: Tier, startMs: number, cell: StoredCell): RollupRow {
  return {
    grouping,
    tier,
    startMs,
    key: keyText(cell),
    numbers: JSON.stringify(numbersOf(cell)),
    ttft: cell.ttft.toBytes(),
    tpot: cell.tpot.toBytes(),
    e2e: cell.e2e.toBytes(),
    slowest: JSON.stringify(cell.slowest),
  };
}

/** What a row keeps as one text: all but the group, the sketches and the slowest. */
const numbersOf = (cell: StoredCell): Partial<StoredCell> => ({
  requests: cell.requests,
  outcomes: cell.outcomes,
  retriedRequests: cell.retriedRequests,
  simulatedRequests: cell.simulatedRequests,
  estimatedUsageRequests: cell.estimatedUsageRequests,
  tokensIn: cell.tokensIn,
  tokensCachedIn: cell.tokensCachedIn,
  tokensOut: cell.tokensOut,
  usageUsd: cell.usageUsd,
  acceleratorSeconds: cell.acceleratorSeconds,
  energyWh: cell.energyWh,
});

type KeyParts = [string, string | null, string | null, number | null, string | null, string | null];

export function cellFromRow(row: Omit<RollupRow, 'grouping' | 'tier' | 'startMs'>): StoredCell {
  const [service, engine, model, status, feature, tenant] = JSON.parse(row.key) as KeyParts;
  const numbers = JSON.parse(row.numbers) as Partial<StoredCell>;
  return {
    ...emptyCell({ service, engine, model, status, feature, tenant }),
    ...numbers,
    ttft: sketchFromBytes(row.ttft),
    tpot: sketchFromBytes(row.tpot),
    e2e: sketchFromBytes(row.e2e),
    slowest: JSON.parse(row.slowest) as StoredCell['slowest'],
  };
}
