/**
 * Keys made at run time, in `<dir>/control.db` (SQLite, mode 600). Only the SHA-256 of a key is
 * kept: a key is 256 random bits, so there is nothing to guess and a slow hash would only cost the
 * request path. Not on that path: workers are handed `snapshot()`. Every call is one indexed
 * statement, well under a millisecond, except `create` and `revoke`, which wait for the disk.
 */
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../records/clock.ts';
import { TailraceError } from '../../records/errors.ts';

/** What a key may do, as asked for. */
export interface KeyAsk {
  name: string;
  /** Empty: every service. */
  services: readonly string[];
  tenant?: string | undefined;
  admin: boolean;
}

/** A key as it may be shown. Times are Unix milliseconds. */
export interface StoredKey {
  id: string;
  name: string;
  services: string[];
  tenant: string | null;
  admin: boolean;
  /** Keys that push telemetry are declared in the configuration. */
  ingest: false;
  source: 'store';
  createdAtMs: number;
  revokedAtMs: number | null;
}

/** A key as the request path needs it. */
export interface HashedKey {
  id: string;
  name: string;
  /** Lower-case hex. */
  sha256: string;
  services: string[];
  tenant: string | null;
  admin: boolean;
}

export interface KeyStore {
  /** Makes a key; `key` is nowhere else. TR_FIELD_INVALID names what is wrong with the ask. */
  create(ask: KeyAsk): StoredKey & { key: string };
  /** Active and revoked keys, newest first. */
  list(): StoredKey[];
  /** The revoked key (its first revocation stays); null when there is no such id. */
  revoke(id: string): StoredKey | null;
  /** Active keys with their hashes. */
  snapshot(): HashedKey[];
  close(): void;
}

/** Active keys at most; every worker holds them all in memory. */
export const MAX_ACTIVE_KEYS = 10_000;
/** Revoked keys that are kept to be shown; older ones are forgotten. */
export const MAX_REVOKED_KEYS = 1_000;
const MAX_SERVICES = 256;
const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/i;
const SCHEMA_VERSION = 1;

/** The stored form of a key: lower-case hex SHA-256 of the whole string. */
export const hashKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** `tr_` and 32 random bytes in base64url: 46 characters. */
export const newKey = (): string => `tr_${randomBytes(32).toString('base64url')}`;

/** Opens or creates the store. TR_STATE_MISSING when the file cannot be opened or is not ours. */
export function openKeyStore(options: { dir: string; clock: Clock }): KeyStore {
  const database = openDatabase(options.dir);
  const insert = database.prepare(
    'INSERT INTO keys (id, name, sha256, services, tenant, admin, created_at_ms) ' +
      'VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const byName = database.prepare('SELECT id FROM keys WHERE name = ? AND revoked_at_ms IS NULL');
  const active = database.prepare(
    'SELECT * FROM keys WHERE revoked_at_ms IS NULL ORDER BY created_at_ms DESC, rowid DESC',
  );
  const all = database.prepare('SELECT * FROM keys ORDER BY created_at_ms DESC, rowid DESC');
  const byId = database.prepare('SELECT * FROM keys WHERE id = ?');
  const revoke = database.prepare(
    'UPDATE keys SET revoked_at_ms = ? WHERE id = ? AND revoked_at_ms IS NULL',
  );
  const forget = database.prepare(
    'DELETE FROM keys WHERE revoked_at_ms IS NOT NULL AND id NOT IN ' +
      '(SELECT id FROM keys WHERE revoked_at_ms IS NOT NULL ' +
      'ORDER BY revoked_at_ms DESC, rowid DESC LIMIT ?)',
  );
  const find = (id: string): StoredKey | null => {
    const row = byId.get(id);
    return row === undefined ? null : toStored(row);
  };

  return {
    create(ask) {
      checkAsk(ask);
      const key = newKey();
      const id = `key_${randomBytes(8).toString('hex')}`;
      const services = [...new Set(ask.services)];
      inTransaction(database, () => {
        if (byName.get(ask.name) !== undefined) {
          refuse('name', `an active key is called "${ask.name}" already; revoke it or use another`);
        }
        if (active.all().length >= MAX_ACTIVE_KEYS) {
          refuse('name', `there are ${MAX_ACTIVE_KEYS} active keys already; revoke some`);
        }
        const now = options.clock.wallMs();
        const admin = ask.admin ? 1 : 0;
        const tenant = ask.tenant ?? null;
        insert.run(id, ask.name, hashKey(key), JSON.stringify(services), tenant, admin, now);
      });
      const stored = find(id);
      if (stored === null) throw new TailraceError('TR_INTERNAL', 'a key vanished as it was made');
      return { ...stored, key };
    },
    list: () => all.all().map(toStored),
    revoke(id) {
      revoke.run(options.clock.wallMs(), id);
      const revoked = find(id);
      forget.run(MAX_REVOKED_KEYS);
      return revoked;
    },
    snapshot: () => active.all().map(toHashed),
    close: () => database.close(),
  };
}

function openDatabase(dir: string): DatabaseSync {
  const path = join(dir, 'control.db');
  let database: DatabaseSync | null = null;
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    // SQLite would create the file with the process's umask; its journal copies the file's mode.
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
    database = new DatabaseSync(path, { timeout: 5_000 });
    migrate(database, path);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof TailraceError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `the key store ${path} cannot be opened: ${reason}`;
    throw new TailraceError('TR_STATE_MISSING', message, { cause });
  }
}

function migrate(database: DatabaseSync, path: string): void {
  inTransaction(database, () => {
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
    if (version > SCHEMA_VERSION) {
      const message = `${path} was written by a newer Tailrace (schema ${version}); update this one`;
      throw new TailraceError('TR_STATE_MISSING', message);
    }
    if (version === SCHEMA_VERSION) return;
    database.exec(`
      CREATE TABLE keys (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
        services TEXT NOT NULL,
        tenant TEXT,
        admin INTEGER NOT NULL CHECK (admin IN (0, 1)),
        created_at_ms REAL NOT NULL,
        revoked_at_ms REAL
      ) STRICT;
      CREATE UNIQUE INDEX active_name ON keys (name) WHERE revoked_at_ms IS NULL;
      PRAGMA user_version = ${SCHEMA_VERSION};
    `);
  });
}

/** Takes the write lock first, so that two processes cannot both find a name free. */
function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    // A full disk ends the transaction by itself, and a second end would hide why.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function checkAsk(ask: KeyAsk): void {
  if (!NAME.test(ask.name)) {
    refuse('name', 'a key name is letters, digits, ".", "_", "-", at most 63');
  }
  if (ask.services.length > MAX_SERVICES) {
    refuse('services', `a key lists at most ${MAX_SERVICES} services`);
  }
  if (ask.services.some((service) => !NAME.test(service))) {
    refuse('services', 'a service name is letters, digits, ".", "_", "-", at most 63');
  }
  if (ask.tenant !== undefined && !/^[^\p{Cc}]{1,128}$/u.test(ask.tenant)) {
    refuse('tenant', 'a tenant is 1 to 128 characters without control characters');
  }
}

function refuse(field: string, message: string): never {
  throw new TailraceError('TR_FIELD_INVALID', message, { field });
}

type Row = Record<string, unknown>;

function toStored(row: Row): StoredKey {
  const revoked = row['revoked_at_ms'];
  return {
    ...toIdentity(row),
    ingest: false,
    source: 'store',
    createdAtMs: Number(row['created_at_ms']),
    revokedAtMs: revoked === null ? null : Number(revoked),
  };
}

const toHashed = (row: Row): HashedKey => ({ ...toIdentity(row), sha256: String(row['sha256']) });

function toIdentity(row: Row): Omit<HashedKey, 'sha256'> {
  const services: unknown = JSON.parse(String(row['services']));
  return {
    id: String(row['id']),
    name: String(row['name']),
    services: Array.isArray(services) ? services.map(String) : [],
    tenant: typeof row['tenant'] === 'string' ? row['tenant'] : null,
    admin: row['admin'] === 1,
  };
}
