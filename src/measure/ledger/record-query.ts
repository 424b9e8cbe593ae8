import type { DuckDBValue } from '@duckdb/node-api';
import type { RequestRecord } from '../../records/request-record.ts';
import { recordFromRow } from './columns.ts';
import type { RequestQuery } from './ledger.ts';
import { recordsSql, sourceSql, type RecordTable } from './record-table.ts';

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
  const from = `${sourceSql(files)} WHERE ${where}`;
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
  const [row] = await table.rows(`${recordsSql(sourceSql(files))} WHERE "id" = ?::UUID LIMIT 1`, [
    id,
  ]);
  return row === undefined ? null : recordFromRow(row);
}

function filters(query: RequestQuery): { where: string; parameters: DuckDBValue[] } {
  const conditions = ['"startedAtMs" >= ?', '"startedAtMs" < ?'];
  const parameters: DuckDBValue[] = [query.window.fromMs, query.window.toMs];
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
