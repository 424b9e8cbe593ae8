import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { columns, createTableSql, fromJsonSql, jsonTypesSql, selectSql } from './columns.ts';

/** What reading JSON takes of DuckDB's memory for each thread, measured with 1.5.6. */
const readerMiB = 32;
const threadsFor = (memoryMiB: number): number => (memoryMiB < 4 * readerMiB ? 1 : 2);

/** Memory that is left for records. */
export const freeMemoryMiB = (memoryMiB: number): number =>
  memoryMiB - threadsFor(memoryMiB) * readerMiB;

/**
 * Raw records: the unsealed ones in an in-memory DuckDB table, the sealed ones in Parquet files that the same
 * connection reads. No extension beyond the built-in json and parquet is used.
 */
export class RecordTable {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #tempDir: string;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, tempDir: string) {
    this.#instance = instance;
    this.#connection = connection;
    this.#tempDir = tempDir;
  }

  static async open(tempDir: string, memoryMiB: number): Promise<RecordTable> {
    rmSync(tempDir, { recursive: true, force: true });
    mkdirSync(tempDir, { recursive: true, mode: 0o700 });
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(threadsFor(memoryMiB)),
      memory_limit: `${memoryMiB}MB`,
      temp_directory: tempDir,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const connection = await instance.connect();
    await connection.run(createTableSql('TABLE buffer'));
    return new RecordTable(instance, connection, tempDir);
  }

  /** Adds NDJSON lines that are known to be records; all of them or, when it throws, none. */
  async load(lines: readonly Buffer[]): Promise<void> {
    await this.#insert('buffer', lines);
  }

  /** Throws what `load` would throw, and leaves the buffer alone. */
  async tryLoad(lines: readonly Buffer[]): Promise<void> {
    await this.#connection.run(createTableSql('OR REPLACE TEMP TABLE scratch'));
    await this.#insert('scratch', lines);
  }

  async #insert(table: 'buffer' | 'scratch', lines: readonly Buffer[]): Promise<void> {
    // DuckDB takes buffers of twice this size, so it is no larger than the batch needs.
    const objectBytesMax = lines.reduce((max, { length }) => Math.max(max, length), 1_048_576);
    const path = join(this.#tempDir, 'incoming.ndjson');
    writeFileSync(path, Buffer.concat(lines));
    try {
      await this.#connection.run(
        `INSERT INTO ${table} SELECT ${fromJsonSql()} FROM read_json(${quote(path)}, ` +
          `format = 'newline_delimited', columns = ${jsonTypesSql()}, maximum_object_size = ${objectBytesMax})`,
      );
    } finally {
      rmSync(path, { force: true });
    }
  }

  /**
   * Writes the buffer as one Parquet file, by service and time, so that a query reads few row groups. Where the memory
   * does not do for sorting, in the order of arrival: that costs speed later, not records.
   */
  async writeBuffer(path: string): Promise<void> {
    const as = 'FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd';
    try {
      await this.#connection.run(
        `COPY (SELECT * FROM buffer ORDER BY service, "startedAtMs") TO ${quote(path)} (${as}, ROW_GROUP_SIZE 50000)`,
      );
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      await this.#connection.run(`COPY buffer TO ${quote(path)} (${as}, ROW_GROUP_SIZE 4096)`);
    }
  }

  async clearBuffer(): Promise<void> {
    await this.#connection.run('DROP TABLE buffer');
    await this.#connection.run(createTableSql('TABLE buffer'));
  }

  /** Rows of plain values. `source` is `sourceSql`; parameters are bound, never spliced. */
  async rows(sql: string, parameters: DuckDBValue[]): Promise<unknown[][]> {
    const reader = await this.#connection.runAndReadAll(sql, parameters);
    return reader.getRowsJS();
  }

  async run(sql: string, parameters: DuckDBValue[] = []): Promise<void> {
    await this.#connection.run(sql, parameters);
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
    rmSync(this.#tempDir, { recursive: true, force: true });
  }
}

export const isOutOfMemory = (error: unknown): boolean => String(error).includes('Out of Memory');

export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Buffer and files as one table, for FROM. */
export function sourceSql(files: readonly string[]): string {
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const buffer = `SELECT ${names} FROM buffer`;
  if (files.length === 0) return `(${buffer})`;
  const list = files.map(quote).join(', ');
  return `(${buffer} UNION ALL SELECT ${names} FROM read_parquet([${list}]))`;
}

export const recordsSql = (from: string): string => `SELECT ${selectSql()} FROM ${from}`;
