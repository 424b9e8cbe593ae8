import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { migrateTables } from './migrate-tables.ts';
import { nodeSqliteDialect } from './node-sqlite-dialect.ts';

/**
 * Tables of `govern.db`. Times are Unix milliseconds in double precision, texts hold JSON where named
 * `body`, flags are 0 and 1, and `service` is '' for the organisation: all of it means the same in PostgreSQL.
 */
export interface GovernanceTables {
  /** Append-only but for a measurement repeated on the same day with the same outcome. */
  evidence: {
    id: string;
    condition: string;
    service: string;
    source: string;
    holds: number;
    grade: number;
    atMs: number;
    /** 0 once a newer measurement took its place, or its bringer took it back. */
    current: number;
    withdrawnMs: number | null;
    withdrawnBy: string | null;
    body: string;
  };
  documents: {
    sha256: string;
    name: string;
    mediaType: string;
    bytes: number;
    atMs: number;
    content: Uint8Array;
  };
  snapshots: {
    id: string;
    service: string;
    atMs: number;
    claimed: number;
    proven: number;
    simulated: number;
    body: string;
  };
  /** A row where the condition of an action began or ceased to be met. */
  actionStates: {
    id: string;
    action: string;
    service: string;
    atMs: number;
    met: number;
    reason: string;
  };
  notApplicable: {
    id: string;
    condition: string;
    service: string;
    reason: string;
    owner: string;
    atMs: number;
    expiresAtMs: number;
    withdrawnMs: number | null;
  };
  /** Who does an action; without a row it is its role. */
  assignments: { action: string; service: string; owner: string; atMs: number };
}

export type GovernanceDb = Kysely<GovernanceTables>;

const FILE = 'govern.db';

/** Opens or creates `<dir>/govern.db` (mode 600). TR_STATE_NEWER, or TR_STATE_MISSING when it cannot be opened. */
export async function openGovernanceDb(dir: string): Promise<GovernanceDb> {
  const path = join(dir, FILE);
  const dialect = nodeSqliteDialect(() => openFile(dir, path));
  return migrated(new Kysely<GovernanceTables>({ dialect }), path);
}

/** The same tables in memory, for a state folder that is not there yet. */
export async function openGovernanceDbInMemory(): Promise<GovernanceDb> {
  const dialect = nodeSqliteDialect(() => new DatabaseSync(':memory:'));
  return migrated(new Kysely<GovernanceTables>({ dialect }), ':memory:');
}

function openFile(dir: string, path: string): DatabaseSync {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  // SQLite would create the file with the process's umask; its journal copies the file's mode.
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  return new DatabaseSync(path, { timeout: 5_000 });
}

async function migrated(db: GovernanceDb, path: string): Promise<GovernanceDb> {
  try {
    await migrateTables(db, migrations, path);
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

const migrations: Record<string, Migration> = {
  '0001-first': { up: createTables },
};

async function createTables(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('evidence')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('condition', 'text', (column) => column.notNull())
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('holds', 'integer', (column) => column.notNull())
    .addColumn('grade', 'integer', (column) => column.notNull())
    .addColumn('atMs', 'double precision', (column) => column.notNull())
    .addColumn('current', 'integer', (column) => column.notNull())
    .addColumn('withdrawnMs', 'double precision')
    .addColumn('withdrawnBy', 'text')
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('evidenceOf')
    .on('evidence')
    .columns(['condition', 'service', 'source', 'atMs'])
    .execute();
  await schema
    .createTable('documents')
    .addColumn('sha256', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('mediaType', 'text', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addColumn('atMs', 'double precision', (column) => column.notNull())
    // The one type that PostgreSQL calls otherwise (bytea).
    .addColumn('content', 'blob', (column) => column.notNull())
    .execute();
  await schema
    .createTable('snapshots')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('atMs', 'double precision', (column) => column.notNull())
    .addColumn('claimed', 'integer', (column) => column.notNull())
    .addColumn('proven', 'integer', (column) => column.notNull())
    .addColumn('simulated', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('snapshotsOf').on('snapshots').columns(['service', 'atMs']).execute();
  await createStates(db);
}

async function createStates({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('actionStates')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('atMs', 'double precision', (column) => column.notNull())
    .addColumn('met', 'integer', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('statesOf')
    .on('actionStates')
    .columns(['service', 'action', 'atMs'])
    .execute();
  await schema
    .createTable('notApplicable')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('condition', 'text', (column) => column.notNull())
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('atMs', 'double precision', (column) => column.notNull())
    .addColumn('expiresAtMs', 'double precision', (column) => column.notNull())
    .addColumn('withdrawnMs', 'double precision')
    .execute();
  await schema
    .createTable('assignments')
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('atMs', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('assignmentOf', ['action', 'service'])
    .execute();
}
