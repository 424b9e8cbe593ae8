import type { RequestRecord } from '../../records/request-record.ts';

/**
 * The record as a table: one column a leaf, in the names of `RequestRecord` joined by `_`. One list drives the
 * reading of journals, the Parquet files and the way back to a record.
 */
interface Column {
  name: string;
  type: 'UUID' | 'VARCHAR' | 'DOUBLE' | 'BIGINT' | 'INTEGER' | 'BOOLEAN' | 'JSON';
  path: readonly string[];
}

const at = (type: Column['type'], ...path: string[]): Column => ({
  name: path.join('_'),
  type,
  path,
});

export const columns: readonly Column[] = [
  at('UUID', 'id'),
  at('DOUBLE', 'startedAtMs'),
  at('DOUBLE', 'endedAtMs'),
  ...['service', 'route', 'engine', 'modelAsked', 'modelServed', 'keyId', 'tenant', 'feature'].map(
    (name) => at('VARCHAR', name),
  ),
  at('VARCHAR', 'promptVersion'),
  at('VARCHAR', 'dialectIn'),
  at('VARCHAR', 'dialectOut'),
  at('BOOLEAN', 'stream'),
  at('VARCHAR', 'outcome'),
  at('INTEGER', 'status'),
  at('VARCHAR', 'errorCode'),
  at('JSON', 'attempts'),
  ...['e2eMs', 'queueMs', 'gatewayMs', 'retryMs', 'ttftMs', 'tpotMeanMs', 'tpotMaxMs'].map((name) =>
    at('DOUBLE', 'latency', name),
  ),
  ...['engineQueueMs', 'prefillMs', 'decodeMs'].map((name) => at('DOUBLE', 'latency', name)),
  ...['in', 'cachedIn', 'cacheWrite', 'out', 'reasoning'].map((name) =>
    at('BIGINT', 'tokens', name),
  ),
  at('VARCHAR', 'usageSource'),
  at('VARCHAR', 'cost', 'kind'),
  at('DOUBLE', 'cost', 'usageUsd'),
  at('DOUBLE', 'cost', 'acceleratorSeconds'),
  at('VARCHAR', 'cost', 'basis'),
  at('DOUBLE', 'energy', 'energyWh'),
  at('VARCHAR', 'energy', 'basis'),
  at('VARCHAR', 'cache'),
  at('BOOLEAN', 'simulated'),
  at('JSON', 'content'),
];

const tableType = (column: Column): string => (column.type === 'JSON' ? 'VARCHAR' : column.type);

export const createTableSql = (what: string): string =>
  `CREATE ${what} (${columns.map((one) => `"${one.name}" ${tableType(one)}`).join(', ')})`;

/** Types of the NDJSON members, for DuckDB's read_json: nothing is guessed from the data. */
export function jsonTypesSql(): string {
  const members = new Map<string, string[]>();
  for (const { path, type } of columns) {
    const [head = '', leaf] = path;
    const known = members.get(head) ?? [];
    known.push(leaf === undefined ? type : `"${leaf}" ${type}`);
    members.set(head, known);
  }
  const parts = [...members].map(([name, types]) => {
    const isStruct = columns.some(({ path }) => path.length > 1 && path[0] === name);
    return `'${name}': '${isStruct ? `STRUCT(${types.join(', ')})` : types[0]}'`;
  });
  return `{${parts.join(', ')}}`;
}

export const fromJsonSql = (): string =>
  columns
    .map(({ name, path }) => `${path.map((part) => `"${part}"`).join('.')} AS "${name}"`)
    .join(', ');

/** Columns in a form whose JavaScript values are plain: no big integers, no id objects. */
export const selectSql = (): string =>
  columns
    .map(({ name, type }) =>
      type === 'UUID'
        ? `"${name}"::VARCHAR AS "${name}"`
        : type === 'BIGINT'
          ? `"${name}"::DOUBLE AS "${name}"`
          : `"${name}"`,
    )
    .join(', ');

/** Columns as an export has them: ids as text, all else as stored. */
export const exportSql = (): string =>
  columns
    .map(({ name, type }) => (type === 'UUID' ? `"${name}"::VARCHAR AS "${name}"` : `"${name}"`))
    .join(', ');

/** A row of `selectSql` back to the record it came from. */
export function recordFromRow(row: readonly unknown[]): RequestRecord {
  const record: Record<string, unknown> = { v: 1 };
  columns.forEach(({ path, type }, i) => {
    const [head = '', leaf] = path;
    const raw = row[i] ?? null;
    const value: unknown = type === 'JSON' && typeof raw === 'string' ? JSON.parse(raw) : raw;
    if (leaf === undefined) record[head] = value;
    else {
      const inner = (record[head] ?? {}) as Record<string, unknown>;
      inner[leaf] = value;
      record[head] = inner;
    }
  });
  // Checked when it was taken in; see journal-tail.ts.
  return record as unknown as RequestRecord;
}
