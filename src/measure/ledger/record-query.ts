import { renameSync, rmSync } from 'node:fs';
import type { DuckDBValue } from '@duckdb/node-api';
import { TailraceError } from '../../records/errors.ts';
import type { RequestRecord } from '../../records/request-record.ts';
import { exportSql, recordFromRow } from './columns.ts';
import type { RequestQuery, Window } from './ledger.ts';
import { quote, recordsSql, type RecordTable } from './record-table.ts';

const order: Record<RequestQuery['sort'], string> = {
  startedAt: '"startedAtMs"',
  e2e: '"latency_e2eMs"',
  ttft: '"latency_ttftMs"',
  cost: '"cost_usageUsd"',
  tokensOut: '"tokens_out"',
};

/** Raw records of a window that fit the filters, one page of them, and how many there are in all. */
export async function queryRequests(
  table: RecordTable,
  files: readonly string[],
  query: RequestQuery,
): Promise<{ records: RequestRecord[]; total: number }> {
  const { where, parameters } = filters(query);
  const from = `${await table.source(files)} WHERE ${where}`;
  const [count] = await table.rows(`SELECT count(*)::DOUBLE FROM ${from}`, parameters);
  const direction = query.descending ? 'DESC' : 'ASC';
  const page =
    `${recordsSql(from)} ORDER BY ${order[query.sort]} ${direction} NULLS LAST, "id" ${direction} ` +
    `LIMIT ${Math.floor(query.limit)} OFFSET ${Math.floor(query.offset)}`;
  const rows = await table.rows(page, parameters);
  return { records: rows.map(recordFromRow), total: Number(count?.[0] ?? 0) };
}

export async function queryRequest(
  table: RecordTable,
  files: readonly string[],
  id: string,
): Promise<RequestRecord | null> {
  const from = await table.source(files);
  const [row] = await table.rows(`${recordsSql(from)} WHERE "id" = ?::UUID LIMIT 1`, [id]);
  return row === undefined ? null : recordFromRow(row);
}

/**
 * Writes the records of a window, oldest first, in the columns of docs/formats/ledger.md. The file
 * appears whole or not at all. Throws TR_EXPORT_FAILED.
 */
export async function exportRecords(
  table: RecordTable,
  files: readonly string[],
  window: Window,
  path: string,
): Promise<number> {
  const { where, parameters } = windowFilter(window);
  const from = `${await table.source(files)} WHERE ${where}`;
  const temporary = `${path}.partial`;
  try {
    const [count] = await table.rows(`SELECT count(*)::DOUBLE FROM ${from}`, parameters);
    await table.run(
      `COPY (SELECT ${exportSql()} FROM ${from} ORDER BY "startedAtMs", "id") TO ${quote(temporary)} ` +
        '(FORMAT parquet, COMPRESSION zstd)',
      parameters,
    );
    renameSync(temporary, path);
    return Number(count?.[0] ?? 0);
  } catch (error) {
    rmSync(temporary, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new TailraceError('TR_EXPORT_FAILED', `cannot write ${path}: ${why}`, {
      field: 'path',
      cause: error,
    });
  }
}

const windowFilter = (window: Window): { where: string; parameters: DuckDBValue[] } => ({
  where: '"startedAtMs" >= ?::DOUBLE AND "startedAtMs" < ?::DOUBLE',
  parameters: [window.fromMs, window.toMs],
});

function filters(query: RequestQuery): { where: string; parameters: DuckDBValue[] } {
  const { where, parameters } = windowFilter(query.window);
  const conditions = [where];
  const equal = (sql: string, value: string | undefined): void => {
    if (value === undefined) return;
    conditions.push(`${sql} = ?`);
    parameters.push(value);
  };
  equal('"service"', query.service);
  equal('"engine"', query.engine);
  equal('coalesce("modelServed", "modelAsked")', query.model);
  equal('"tenant"', query.tenant);
  equal('"feature"', query.feature);
  equal('"outcome"', query.outcome);
  if (query.minE2eMs !== undefined) {
    conditions.push('"latency_e2eMs" >= ?');
    parameters.push(query.minE2eMs);
  }
  return { where: conditions.join(' AND '), parameters };
}
