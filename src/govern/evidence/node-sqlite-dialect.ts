import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

/**
 * Kysely over the SQLite that is built into Node. One connection: SQLite has one writer, and a
 * transaction of another caller must not slip in between, so callers wait for their turn.
 */
export function nodeSqliteDialect(open: () => DatabaseSync): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createDriver(open),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function createDriver(open: () => DatabaseSync): Driver {
  let database: DatabaseSync | null = null;
  let connection: DatabaseConnection | null = null;
  let last: Promise<void> = Promise.resolve();
  let release: () => void = () => {};
  const run = (on: DatabaseConnection, sql: string): Promise<QueryResult<unknown>> =>
    on.executeQuery(CompiledQuery.raw(sql));
  return {
    init: async () => {
      database = open();
      connection = connectionOver(database);
    },
    acquireConnection: async () => {
      const before = last;
      last = new Promise((resolve) => {
        const mine = resolve;
        void before.then(() => (release = mine));
      });
      await before;
      if (connection === null) throw new Error('the database is closed');
      return connection;
    },
    releaseConnection: async () => release(),
    // Takes the write lock first, so that what is read inside is still true at the end.
    beginTransaction: async (on) => void (await run(on, 'BEGIN IMMEDIATE')),
    commitTransaction: async (on) => void (await run(on, 'COMMIT')),
    // A full disk ends the transaction by itself, and a second end would hide why.
    rollbackTransaction: async (on) =>
      void (database?.isTransaction === true && (await run(on, 'ROLLBACK'))),
    destroy: async () => {
      database?.close();
      database = null;
      connection = null;
    },
  };
}

function connectionOver(database: DatabaseSync): DatabaseConnection {
  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const statement = database.prepare(sql);
      const values = parameters.map(toSqlite);
      if (statement.columns().length > 0) return { rows: statement.all(...values) as R[] };
      const { changes, lastInsertRowid } = statement.run(...values);
      return {
        rows: [],
        numAffectedRows: BigInt(changes),
        insertId: BigInt(lastInsertRowid),
      };
    },
    // eslint-disable-next-line require-yield -- nothing here is long enough to stream
    async *streamQuery(): AsyncIterableIterator<never> {
      throw new Error('streaming is not supported');
    },
  };
}

function toSqlite(value: unknown): SQLInputValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint') {
    return value;
  }
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`SQLite takes no ${typeof value}`);
}
