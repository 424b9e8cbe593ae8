import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import { transaction } from './telemetry-db.ts';

const dir = mkdtempSync(join(tmpdir(), 'tailrace-telemetry-db-'));

afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('a transaction that a full disk ends says so, and the next one works', () => {
  const db = new DatabaseSync(join(dir, 'small.db'));
  db.exec('PRAGMA journal_mode = WAL; CREATE TABLE small (x); PRAGMA max_page_count = 2');
  const add = (text: string) => (): unknown => db.prepare('INSERT INTO small VALUES (?)').run(text);
  expect(() => transaction(db, add('x'.repeat(100_000)))).toThrow('disk is full');
  transaction(db, add('x'));
  expect(db.prepare('SELECT count(*) AS rows FROM small').get()).toEqual({ rows: 1 });
  expect(() =>
    transaction(db, () => {
      add('y')();
      throw new Error('a fault of the caller');
    }),
  ).toThrow('a fault of the caller');
  expect(db.prepare('SELECT count(*) AS rows FROM small').get()).toEqual({ rows: 1 });
  db.close();
});
