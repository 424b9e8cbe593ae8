import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TailraceError } from '../../records/errors.ts';
import { hashKey, type KeyStore, MAX_REVOKED_KEYS, openKeyStore } from './key-store.ts';

let dir = '';
let nowMs = 1_700_000_000_000;
const clock = { wallMs: () => (nowMs += 1), monoMs: () => nowMs };
const opened: KeyStore[] = [];

function open(): KeyStore {
  const store = openKeyStore({ dir, clock });
  opened.push(store);
  return store;
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tailrace-keys-'));
});

afterEach(() => {
  for (const store of opened.splice(0)) store.close();
  rmSync(dir, { recursive: true, force: true });
});

const plain = { services: [], admin: false };

function fieldOf(act: () => unknown): string | null {
  try {
    act();
  } catch (error) {
    if (error instanceof TailraceError && error.code === 'TR_FIELD_INVALID') return error.field;
    throw error;
  }
  return 'nothing was refused';
}

describe('key store', () => {
  it('makes keys of 32 random bytes and keeps only their hash', () => {
    const store = open();
    const made = store.create({
      name: 'app',
      services: ['chat', 'chat'],
      tenant: 'acme',
      admin: false,
    });
    expect(made.key).toMatch(/^tr_[\w-]{43}$/);
    expect(Buffer.from(made.key.slice(3), 'base64url')).toHaveLength(32);
    expect(made).toMatchObject({ name: 'app', services: ['chat'], tenant: 'acme', admin: false });
    expect(store.snapshot()).toEqual([
      {
        id: made.id,
        name: 'app',
        sha256: hashKey(made.key),
        services: ['chat'],
        tenant: 'acme',
        admin: false,
      },
    ]);
    expect(JSON.stringify(store.list())).not.toContain(hashKey(made.key));
    const bytes = readFileSync(join(dir, 'control.db'));
    expect(bytes.includes(made.key)).toBe(false);
    expect(bytes.includes(made.key.slice(3))).toBe(false);
    expect(bytes.includes(hashKey(made.key))).toBe(true);
  });

  it('hashes with SHA-256 (FIPS 180-4 example)', () => {
    expect(hashKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('keeps its file from other users, also one that was there before', () => {
    writeFileSync(join(dir, 'control.db'), '', { mode: 0o644 });
    open().create({ name: 'a', ...plain });
    expect(statSync(join(dir, 'control.db')).mode & 0o777).toBe(0o600);
  });

  it('shares its file between processes and survives a restart', () => {
    const first = open();
    const second = open();
    const made = first.create({ name: 'a', ...plain });
    expect(second.list().map((key) => key.id)).toEqual([made.id]);
    expect(fieldOf(() => second.create({ name: 'a', ...plain }))).toBe('name');
  });

  it('revokes once, keeps the first time, and frees the name', () => {
    const store = open();
    const made = store.create({ name: 'a', ...plain });
    const revoked = store.revoke(made.id);
    expect(revoked?.revokedAtMs).toBeGreaterThan(made.createdAtMs);
    expect(store.revoke(made.id)).toEqual(revoked);
    expect(store.snapshot()).toEqual([]);
    expect(store.revoke('key_0000000000000000')).toBeNull();
    const again = store.create({ name: 'a', ...plain });
    expect(store.list().map((key) => key.id)).toEqual([again.id, made.id]);
  });

  it('refuses bad names, services and tenants, naming the field', () => {
    const store = open();
    for (const name of ['', ' a', 'a b', 'x'.repeat(64), 'a\n']) {
      expect(
        fieldOf(() => store.create({ name, ...plain })),
        JSON.stringify(name),
      ).toBe('name');
    }
    expect(fieldOf(() => store.create({ name: 'a', services: ['no such'], admin: false }))).toBe(
      'services',
    );
    for (const tenant of ['', 'x'.repeat(129), 'a\u0000b']) {
      expect(fieldOf(() => store.create({ name: 'a', ...plain, tenant }))).toBe('tenant');
    }
    expect(store.list()).toEqual([]);
  });

  it('forgets the oldest revoked keys beyond its bound', () => {
    const store = open();
    const database = new DatabaseSync(join(dir, 'control.db'));
    const insert = database.prepare('INSERT INTO keys VALUES (?, ?, ?, ?, NULL, 0, ?, ?)');
    database.exec('BEGIN');
    for (let i = 0; i < MAX_REVOKED_KEYS; i++) {
      insert.run(`key_${i}`, `old-${i}`, hashKey(`old-${i}`), '[]', i, i + 1);
    }
    database.exec('COMMIT');
    database.close();
    const { id } = store.create({ name: 'a', ...plain });
    store.revoke(id);
    const kept = store.list().map((key) => key.id);
    expect(kept).toHaveLength(MAX_REVOKED_KEYS);
    expect(kept).toContain(id);
    expect(kept).not.toContain('key_0');
  });

  it('refuses a file that is not its own or is from the future', () => {
    writeFileSync(join(dir, 'control.db'), 'certainly not a database, but long enough to be read');
    expect(open).toThrow(/cannot be opened/);
    rmSync(join(dir, 'control.db'));
    open();
    const database = new DatabaseSync(join(dir, 'control.db'));
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(open).toThrow(/newer Tailrace/);
  });
});
