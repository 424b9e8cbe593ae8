import type { Generated, Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { migrateTables } from '../evidence/migrate-tables.ts';

/**
 * Tables for vendors in `govern.db`. Times are Unix milliseconds in double precision, flags 0 and 1, `body`
 * JSON: all of it means the same in PostgreSQL.
 */
export interface VendorTables {
  vendors: { id: string; atMs: number; body: string };
  /** Append-only: answers, reviews, probes and quotes, each with its time. */
  vendorFacts: {
    seq: Generated<number>;
    vendor: string;
    kind: 'answer' | 'review' | 'probe' | 'quote';
    atMs: number;
    body: string;
  };
  vendorLinks: {
    id: string;
    vendor: string;
    recipient: string;
    createdAtMs: number;
    expiresAtMs: number;
    revokedAtMs: number | null;
    usedAtMs: number | null;
  };
  vendorDocuments: {
    vendor: string;
    sha256: string;
    name: string;
    mediaType: string;
    bytes: number;
    atMs: number;
    content: Uint8Array;
  };
  vendorSecrets: { name: string; secret: Uint8Array };
}

export type VendorDb = Kysely<VendorTables>;

/** A migration table of its own, so that vendors and evidence migrate without waiting for each other. */
const NAMES = {
  migrationTableName: 'vendorMigration',
  migrationLockTableName: 'vendorMigrationLock',
} as const;

/** Makes the tables in an open database. TR_STATE_NEWER, or TR_STATE_MISSING when it cannot be done. */
export const migrateVendorTables = (db: VendorDb): Promise<void> =>
  migrateTables(db, migrations, 'the vendor part of govern.db', NAMES);

const migrations: Record<string, Migration> = {
  '0001-first': { up: createTables },
};

async function createTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('vendors')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('atMs', 'double precision', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('vendorFacts')
    .addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('vendor', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('atMs', 'double precision', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('vendorFactsOf').on('vendorFacts').columns(['vendor', 'seq']).execute();
  await schema
    .createTable('vendorLinks')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('vendor', 'text', (column) => column.notNull())
    .addColumn('recipient', 'text', (column) => column.notNull())
    .addColumn('createdAtMs', 'double precision', (column) => column.notNull())
    .addColumn('expiresAtMs', 'double precision', (column) => column.notNull())
    .addColumn('revokedAtMs', 'double precision')
    .addColumn('usedAtMs', 'double precision')
    .execute();
  await schema
    .createTable('vendorDocuments')
    .addColumn('vendor', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('mediaType', 'text', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addColumn('atMs', 'double precision', (column) => column.notNull())
    .addColumn('content', 'blob', (column) => column.notNull())
    .addPrimaryKeyConstraint('vendorDocumentKey', ['vendor', 'sha256'])
    .execute();
  await schema
    .createTable('vendorSecrets')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('secret', 'blob', (column) => column.notNull())
    .execute();
}
