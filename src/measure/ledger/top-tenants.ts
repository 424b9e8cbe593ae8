import {
  cellIn,
  foldedKey,
  mergeCell,
  otherName,
  type CellMap,
  type StoredCell,
} from './cell-store.ts';

/** The groups of the `top` busiest tenants of each service, by requests over all the maps. */
export function busiestTenants(maps: Iterable<CellMap>, top: number): ReadonlySet<string> {
  const requests = new Map<string, { service: string; count: number }>();
  for (const map of maps) {
    for (const [text, cell] of map) {
      if (cell.tenant === otherName) continue;
      const known = requests.get(text) ?? { service: cell.service, count: 0 };
      known.count += cell.requests;
      requests.set(text, known);
    }
  }
  const taken = new Map<string, number>();
  const kept = new Set<string>();
  // Ties go by name, so that the same records always give the same groups.
  const ranked = [...requests].sort(
    ([a, { count: x }], [b, { count: y }]) => y - x || (a < b ? -1 : 1),
  );
  for (const [text, { service }] of ranked) {
    const count = taken.get(service) ?? 0;
    if (count >= top) continue;
    taken.set(service, count + 1);
    kept.add(text);
  }
  return kept;
}

/** All tenants but `kept` as one new cell, `other`; the cells that are kept are the given ones. */
export function foldTenants(map: CellMap, kept: ReadonlySet<string>, slowestMax?: number): CellMap {
  const folded: CellMap = new Map();
  const others: StoredCell[] = [];
  for (const [text, cell] of map) {
    if (kept.has(text)) folded.set(text, cell);
    else others.push(cell);
  }
  for (const cell of others) {
    mergeCell(cellIn(folded, foldedKey('tenant', cell)), cell, slowestMax);
  }
  return folded;
}
