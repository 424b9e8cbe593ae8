import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { columns, createTableSql, fromJsonSql, jsonTypesSql, selectSql } from './columns.ts';
import { Spool } from './spool.ts';

/** What reading JSON takes of DuckDB's memory for each thread, measured with 1.5.6. */
const readerMiB = 32;
const queryThreads = (memoryMiB: number): number => (memoryMiB < 4 * readerMiB ? 1 : 2);

/** DuckDB reads up to 2,048 lines of a file at once and takes several times their bytes for it. */
const memoryPerFile = 64;

/** From this many lines on an addition gets a table of its own: adding to a table that is there takes twice the CPU time. */
const ownTableRows = 2048;

/** Memory that is left for records. */
export const freeMemoryMiB = (memoryMiB: number): number =>
  memoryMiB - queryThreads(memoryMiB) * readerMiB;

/**
 * Raw records: the unsealed ones as lines in a spool, the sealed ones in Parquet files. A seal goes from lines to Parquet
 * in one step; only a query has the lines read into in-memory DuckDB tables, which `buffer` shows as one. No extension beyond the
 * built-in json and parquet is used. Lines are read by one thread: with two, DuckDB takes half as much CPU time again
 * for them. Queries of records use two.
 */
export class RecordTable {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #tempDir: string;
  readonly #queryThreads: number;
  readonly #spool: Spool;
  /** Lines and files of the spool that no table holds yet. */
  #unreadLines = 0;
  #readFiles = 0;
  /** Tables behind `buffer`; the first takes the small additions. */
  #tables: string[] = [];

  private constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    place: { tempDir: string; memoryMiB: number },
  ) {
    this.#instance = instance;
    this.#connection = connection;
    this.#tempDir = place.tempDir;
    this.#queryThreads = queryThreads(place.memoryMiB);
    this.#spool = new Spool(place.tempDir, (place.memoryMiB / memoryPerFile) * 1_048_576);
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
    const table = new RecordTable(instance, connection, { tempDir, memoryMiB });
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
  add(lines: readonly Buffer[]): void {
    this.#spool.append(lines);
    this.#unreadLines += lines.length;
  }

  /** Throws what reading these lines will throw, and adds nothing. */
  async tryRead(lines: readonly Buffer[]): Promise<void> {
    const dir = join(this.#tempDir, 'tried');
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const tried = new Spool(dir, Number.POSITIVE_INFINITY);
    try {
      tried.append(lines);
      const from = linesSql(tried.close(), tried.lineBytesMax);
      await this.#connection.run(`CREATE OR REPLACE TEMP TABLE scratch AS ${from}`);
    } finally {
      tried.clear();
    }
  }

  /** Unsealed records and files as one table, for FROM. */
  async source(files: readonly string[]): Promise<string> {
    await this.#readLines();
    const names = columns.map(({ name }) => `"${name}"`).join(', ');
    const buffer = `SELECT ${names} FROM buffer`;
    if (files.length === 0) return `(${buffer})`;
    return `(${buffer} UNION ALL SELECT ${names} FROM read_parquet([${files.map(quote).join(', ')}]))`;
  }

  async #readLines(): Promise<void> {
    if (this.#unreadLines === 0) return;
    const files = this.#spool.close();
    const from = linesSql(files.slice(this.#readFiles), this.#spool.lineBytesMax);
    if (this.#unreadLines < ownTableRows) {
      await this.#connection.run(`INSERT INTO batch_0 ${from}`);
    } else {
      const name = `batch_${this.#tables.length}`;
      await this.#connection.run(`CREATE OR REPLACE TABLE ${name} AS ${from}`);
      this.#tables.push(name);
      try {
        await this.#showTables();
      } catch (error) {
        this.#tables.pop();
        throw error;
      }
    }
    this.#unreadLines = 0;
    this.#readFiles = files.length;
  }

  /**
   * Writes the unsealed records as one Parquet file, by service and time, so that a query reads few row groups. Where the memory
   * does not do for reading, sorting and writing at once, one after the other and in the order of arrival: that costs
   * speed, not records.
   */
  async writeBuffer(path: string): Promise<void> {
    const from = linesSql(this.#spool.close(), this.#spool.lineBytesMax);
    const as = 'FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd';
    try {
      await this.#connection.run(`COPY (${from}) TO ${quote(path)} (${as}, ROW_GROUP_SIZE 24576)`);
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      await this.#readLines();
      await this.#connection.run(`COPY buffer TO ${quote(path)} (${as}, ROW_GROUP_SIZE 4096)`);
    }
  }

  async clearBuffer(): Promise<void> {
    await this.#connection.run('DROP VIEW buffer');
    for (const name of this.#tables) await this.#connection.run(`DROP TABLE ${name}`);
    await this.#startBuffer();
    this.#spool.clear();
    this.#unreadLines = 0;
    this.#readFiles = 0;
  }

  /** Rows of plain values. `source` gives what to read from; parameters are bound, never spliced. */
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

/** DuckDB refuses the text or a value in it. Memory and disk are other errors, and are tried again. */
export const isAboutData = (error: unknown): boolean =>
  /Malformed JSON|Conversion Error|Invalid Input Error/.test(String(error));

export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Lines as the table's columns. DuckDB takes buffers of twice the size of an object, so it is no larger than needed. */
function linesSql(files: readonly string[], lineBytesMax: number): string {
  const objectBytesMax = Math.max(lineBytesMax, 1_048_576);
  return (
    `SELECT ${fromJsonSql()} FROM read_json([${files.map(quote).join(', ')}], ` +
    `format = 'newline_delimited', columns = ${jsonTypesSql()}, maximum_object_size = ${objectBytesMax})`
  );
}

export const recordsSql = (from: string): string => `SELECT ${selectSql()} FROM ${from}`;
