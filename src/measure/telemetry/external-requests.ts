import type { DatabaseSync } from 'node:sqlite';
import type { ExternalRequest } from '../../records/external-request.ts';
import { transaction } from './telemetry-db.ts';

export interface ExternalRequestQuery {
  /** Half-open, Unix milliseconds, of `startedAtMs`. */
  sinceMs: number;
  untilMs: number;
  /** OpenTelemetry service name. */
  service?: string;
  limit: number;
}

/**
 * Keeps requests that were reported. What is sent twice is one; a span, which has an end, takes the place of an event of
 * the same request, which has none.
 */
export function addExternalRequests(db: DatabaseSync, all: readonly ExternalRequest[]): void {
  const ended = db.prepare('INSERT OR REPLACE INTO external_requests VALUES (?,?,?,?)');
  const open = db.prepare('INSERT OR IGNORE INTO external_requests VALUES (?,?,?,?)');
  transaction(db, () => {
    for (const one of all) {
      const insert = one.endedAtMs === null ? open : ended;
      insert.run(one.id, one.startedAtMs, one.service, JSON.stringify(one));
    }
  });
}

/** Newest first; `total` counts all that match. */
export function readExternalRequests(
  db: DatabaseSync,
  query: ExternalRequestQuery,
): { requests: ExternalRequest[]; total: number } {
  const where = `startedAtMs >= ? AND startedAtMs < ?${query.service === undefined ? '' : ' AND service = ?'}`;
  const values = [
    query.sinceMs,
    query.untilMs,
    ...(query.service === undefined ? [] : [query.service]),
  ];
  const rows = db
    .prepare(
      `SELECT record FROM external_requests WHERE ${where} ORDER BY startedAtMs DESC, id LIMIT ?`,
    )
    .all(...values, query.limit);
  const count = db
    .prepare(`SELECT count(*) AS n FROM external_requests WHERE ${where}`)
    .get(...values);
  return {
    requests: rows.map((row) => JSON.parse(String(row['record'])) as ExternalRequest),
    total: Number(count?.['n']),
  };
}

export function dropExternalRequests(db: DatabaseSync, beforeMs: number): void {
  db.prepare('DELETE FROM external_requests WHERE startedAtMs < ?').run(beforeMs);
}
