import type { Cell } from '../../src/measure/ledger/ledger.ts';
import { createSketch } from '../../src/measure/sketch/create-sketch.ts';
import type { RequestRecord } from '../../src/records/request-record.ts';

/** Why the ledger is not what the writers were told; empty when it is. */
export function reconcile(facts: {
  acknowledged: ReadonlySet<string>;
  /** Everything that any writer may have appended, by id. */
  appended: ReadonlyMap<string, RequestRecord>;
  inLedger: readonly RequestRecord[];
}): string[] {
  const { acknowledged, appended, inLedger } = facts;
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const record of inLedger) {
    if (seen.has(record.id)) problems.push(`${record.id} is there twice`);
    seen.add(record.id);
    const original = appended.get(record.id);
    if (original === undefined) problems.push(`${record.id} was never written`);
    else if (!isSame(record, original)) problems.push(`${record.id} is not what was written`);
  }
  for (const id of acknowledged) {
    if (!seen.has(id)) problems.push(`${id} was acknowledged and is lost`);
  }
  return problems;
}

const sorted = (_: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

const isSame = (a: RequestRecord, b: RequestRecord): boolean =>
  JSON.stringify(a, sorted) === JSON.stringify(b, sorted);

/** Where percentiles and counts of the rollups are not those of the records; empty when they agree. */
export function comparePercentiles(
  cells: readonly Cell[],
  records: readonly RequestRecord[],
): string[] {
  const problems: string[] = [];
  const requests = cells.reduce((sum, cell) => sum + cell.requests, 0);
  if (requests !== records.length) problems.push(`${requests} requests of ${records.length}`);
  const good = records.filter(({ status }) => status < 400);
  const measures = [
    { of: 'ttft', values: good.map(({ latency }) => latency.ttftMs) },
    { of: 'tpot', values: good.map(({ latency }) => latency.tpotMeanMs) },
    { of: 'e2e', values: good.map(({ latency }) => latency.e2eMs) },
  ] as const;
  for (const { of, values } of measures) {
    const merged = createSketch();
    for (const cell of cells) merged.merge(cell[of]);
    const exact = values.flatMap((value) => value ?? []).sort((a, b) => a - b);
    if (merged.count !== exact.length) problems.push(`${of}: ${merged.count} of ${exact.length}`);
    for (const q of [0.5, 0.95, 0.99]) {
      const want = exact[Math.max(0, Math.ceil(q * exact.length) - 1)] ?? Number.NaN;
      const error = Math.abs(merged.quantile(q) / want - 1);
      if (!(error <= 0.01)) problems.push(`${of} p${q * 100}: ${merged.quantile(q)}, not ${want}`);
    }
  }
  return problems;
}
