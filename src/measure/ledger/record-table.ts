import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { columns, createTableSql, fromJsonSql, jsonTypesSql, selectSql } from './columns.ts';

/** What reading JSON takes of DuckDB's memory for each thread, measured with 1.5.6. */
const readerMiB = 32;
const queryThreads = (memoryMiB: number): number => (memoryMiB < 4 * readerMiB ? 1 : 2);

/** From this many lines on a batch gets a table of its own: adding to a table that is there takes twice the CPU time. */
const ownTableRows = 2048;

/** Memory that is left for records. */
export const freeMemoryMiB = (memoryMiB: number): number =>
  memoryMiB - queryThreads(memoryMiB) * readerMiB;

/**
 * Raw records: the unsealed ones in in-memory DuckDB tables, which `buffer` shows as one, the sealed ones in Parquet files that the same
 * connection reads. No extension beyond the built-in json and parquet is used. Batches are taken in by one thread: with
 * two, DuckDB takes half as much CPU time again for them. Queries of records use two.
 */
export class RecordTable {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #tempDir: string;
  readonly #queryThreads: number;
  /** Tables behind `buffer`; the first takes the small batches. */
  #tables: string[] = [];

  private constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    place: { tempDir: string; queryThreads: number },
  ) {
    this.#instance = instance;
    this.#connection = connection;
    this.#tempDir = place.tempDir;
    this.#queryThreads = place.queryThreads;
  }

  static async open(tempDir: string, memoryMiB: number): Promise<RecordTable> {
    rmSync(tempDir, { recursive: true, force: true });
    mkdirSync(tempDir, { recursive: true, mode: 0o700 });
    const instance = await DuckDBInstance.create(':memory:', {
      threads: '1',
      memory_limit: `${memoryMiB}MB`,
      temp_directory: tempDir,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const connection = await instance.connect();
    const place = { tempDir, queryThreads: queryThreads(memoryMiB) };
    const table = new RecordTable(instance, connection, place);
    await table.#startBuffer();
    return table;
  }

  async #startBuffer(): Promise<void> {
    await this.#connection.run(createTableSql('TABLE batch_0'));
    this.#tables = ['batch_0'];
    await this.#showTables();
  }

  async #showTables(): Promise<void> {
    const parts = this.#tables.map((name) => `SELECT * FROM ${name}`);
    await this.#connection.run(`CREATE OR REPLACE VIEW buffer AS ${parts.join(' UNION ALL ')}`);
  }

  /** Adds NDJSON lines that are known to be records; all of them or, when it throws, none. */
  async load(lines: readonly Buffer[]): Promise<void> {
    if (lines.length < ownTableRows) return this.#read(lines, 'INSERT INTO batch_0');
    const name = `batch_${this.#tables.length}`;
    await this.#read(lines, `CREATE OR REPLACE TABLE ${name} AS`);
    this.#tables.push(name);
    try {
      await this.#showTables();
    } catch (error) {
      this.#tables.pop();
      throw error;
    }
  }

  /** Throws what `load` would throw, and leaves the buffer alone. */
  async tryLoad(lines: readonly Buffer[]): Promise<void> {
    await this.#read(lines, 'CREATE OR REPLACE TEMP TABLE scratch AS');
  }

  async #read(lines: readonly Buffer[], into: string): Promise<void> {
    // DuckDB takes buffers of twice this size, so it is no larger than the batch needs.
    const objectBytesMax = lines.reduce((max, { length }) => Math.max(max, length), 1_048_576);
    const path = join(this.#tempDir, 'incoming.ndjson');
    writeFileSync(path, Buffer.concat(lines));
    try {
      await this.#connection.run(
        `${into} SELECT ${fromJsonSql()} FROM read_json(${quote(path)}, ` +
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
    await this.#connection.run('DROP VIEW buffer');
    for (const name of this.#tables) await this.#connection.run(`DROP TABLE ${name}`);
    await this.#startBuffer();
  }

  /** Rows of plain values. `source` is `sourceSql`; parameters are bound, never spliced. */
  async rows(sql: string, parameters: DuckDBValue[]): Promise<unknown[][]> {
    const reader = await this.#widely(() => this.#connection.runAndReadAll(sql, parameters));
    return reader.getRowsJS();
  }

  async run(sql: string, parameters: DuckDBValue[] = []): Promise<void> {
    await this.#widely(() => this.#connection.run(sql, parameters));
  }

  async #widely<T>(body: () => Promise<T>): Promise<T> {
    if (this.#queryThreads === 1) return body();
    await this.#connection.run(`SET threads = ${this.#queryThreads}`);
    try {
      return await body();
    } finally {
      await this.#connection.run('SET threads = 1');
    }
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
