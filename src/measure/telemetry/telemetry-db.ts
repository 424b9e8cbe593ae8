import { DatabaseSync } from 'node:sqlite';
import { TailraceError } from '../../records/errors.ts';

/** Of docs/formats/telemetry.md; kept in the database header as `user_version`. */
const formatVersion = 1;

const schema = `
CREATE TABLE IF NOT EXISTS subjects (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, node TEXT,
  idx TEXT, model TEXT, firstMs REAL NOT NULL, lastMs REAL NOT NULL, UNIQUE (kind, name));
CREATE TABLE IF NOT EXISTS series (id INTEGER PRIMARY KEY, subject INTEGER NOT NULL, metric TEXT NOT NULL,
  source TEXT NOT NULL, basis TEXT NOT NULL, UNIQUE (subject, metric, source));
CREATE TABLE IF NOT EXISTS minutes (series INTEGER NOT NULL, startMs INTEGER NOT NULL, knownMs REAL NOT NULL,
  mean REAL NOT NULL, min REAL NOT NULL, max REAL NOT NULL, PRIMARY KEY (series, startMs)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hours (series INTEGER NOT NULL, startMs INTEGER NOT NULL, knownMs REAL NOT NULL,
  mean REAL NOT NULL, min REAL NOT NULL, max REAL NOT NULL, PRIMARY KEY (series, startMs)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS holders (subject INTEGER NOT NULL, holder TEXT NOT NULL, fromMs REAL NOT NULL,
  toMs REAL NOT NULL, PRIMARY KEY (subject, holder, fromMs)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cluster_spells (cluster TEXT NOT NULL, subject TEXT NOT NULL, node TEXT NOT NULL,
  state TEXT NOT NULL, fromMs REAL NOT NULL, toMs REAL NOT NULL, cards REAL NOT NULL, why TEXT NOT NULL,
  confidence TEXT NOT NULL, PRIMARY KEY (cluster, fromMs, subject, node, state)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cluster_spells_to ON cluster_spells (toMs);
CREATE TABLE IF NOT EXISTS external_requests (id TEXT PRIMARY KEY, startedAtMs REAL NOT NULL, service TEXT,
  record TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS external_requests_at ON external_requests (startedAtMs);
`;

/**
 * Opens the SQLite file of what exporters and SDKs say, beside the ledger. The owner of the state folder writes it
 * (the ledger's lock guards both); anyone may read. Throws TR_STATE_NEWER for a later format.
 */
export function openTelemetryDb(path: string, options: { readOnly: boolean }): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly: options.readOnly });
  const found = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
  if (found > formatVersion) {
    db.close();
    throw new TailraceError(
      'TR_STATE_NEWER',
      `${path} is of format ${found}, this version of Tailrace knows ${formatVersion}; update Tailrace`,
    );
  }
  if (options.readOnly) return db;
  // A crash of the machine may cost the last seconds of telemetry, never the file.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000;');
  db.exec(`${schema} PRAGMA user_version = ${formatVersion};`);
  return db;
}

export function transaction<T>(db: DatabaseSync, body: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const value = body();
    db.exec('COMMIT');
    return value;
  } catch (error) {
    // A full disk ends the transaction by itself, and a second end would hide why.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
