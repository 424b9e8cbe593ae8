import type { z } from 'zod';
import type { Cell } from '../ledger/ledger.ts';
import type { breakdownRow } from './answers.ts';
import { ENOUGH_FOR_P95, ENOUGH_FOR_P99 } from './latency-answer.ts';
import { knownSum, totalsOf } from './totals.ts';

export type BreakdownRow = z.infer<typeof breakdownRow>;
export type BreakdownBy = 'tenant' | 'feature' | 'model';

const MAX_ROWS = 1000;

/**
 * One row per service and key, the most expensive first, at most 1,000. Rows by tenant and feature
 * hold all requests of the key, failed ones included: those rollups are not split by status.
 */
export function breakdownRows(cells: readonly Cell[], by: BreakdownBy): BreakdownRow[] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = JSON.stringify([cell.service, cell[by]]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [cell]);
    else known.push(cell);
  }
  const rows: BreakdownRow[] = [];
  for (const group of groups.values()) {
    const first = group[0];
    if (first !== undefined) rows.push(row(first.service, first[by] ?? '(none)', group));
  }
  return rows
    .sort((a, b) => (b.usageUsd ?? 0) - (a.usageUsd ?? 0) || b.requests - a.requests)
    .slice(0, MAX_ROWS);
}

function row(service: string, key: string, cells: readonly Cell[]): BreakdownRow {
  const total = totalsOf(cells);
  const { ttft, e2e } = total;
  return {
    service,
    key,
    requests: total.requests,
    ttftP95Ms: ttft.count >= ENOUGH_FOR_P95 ? ttft.quantile(0.95) : null,
    e2eP50Ms: e2e.count > 0 ? e2e.quantile(0.5) : null,
    e2eP95Ms: e2e.count >= ENOUGH_FOR_P95 ? e2e.quantile(0.95) : null,
    e2eP99Ms: e2e.count >= ENOUGH_FOR_P99 ? e2e.quantile(0.99) : null,
    tokensIn: total.tokensIn.sum,
    tokensOut: total.tokensOut.sum,
    usageUsd: knownSum(total.usageUsd, total.requests),
  };
}
