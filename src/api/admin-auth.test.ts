import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { KeyEntry } from '../serve/key-table.ts';
import { authenticateAdmin } from './admin-auth.ts';

const entry = (key: string, admin: boolean): KeyEntry => ({
  id: key,
  name: key,
  sha256: createHash('sha256').update(key).digest('hex'),
  services: [],
  tenant: null,
  admin,
});

const keys = { admin: [entry('root', true)], known: () => [entry('svc', false)] };
const codeOf = (header: string | null, parameters: string[] = []): string => {
  const result = authenticateAdmin(header, parameters, keys);
  return result.ok ? result.value.id : result.error.code;
};

test('an admin key gets in, whatever the case of the scheme', () => {
  expect(codeOf('Bearer root')).toBe('root');
  expect(codeOf('bearer   root ')).toBe('root');
});

test.each([
  [null, 'TR_AUTH_MISSING'],
  ['', 'TR_AUTH_MISSING'],
  ['Basic cm9vdA==', 'TR_AUTH_INVALID'],
  ['root', 'TR_AUTH_INVALID'],
  ['Bearer', 'TR_AUTH_INVALID'],
  ['Bearer root root', 'TR_AUTH_INVALID'],
  ['Bearer nobody', 'TR_AUTH_INVALID'],
  [`Bearer ${'x'.repeat(5_000)}`, 'TR_AUTH_INVALID'],
  ['Bearer svc', 'TR_ADMIN_REQUIRED'],
])('%j gives %s', (header, code) => expect(codeOf(header)).toBe(code));

test('a service key among the admin keys is still no admin', () => {
  const mixed = { admin: [entry('svc', false)], known: () => [] };
  const result = authenticateAdmin('Bearer svc', [], mixed);
  expect(result).toMatchObject({ ok: false, error: { code: 'TR_ADMIN_REQUIRED' } });
});

test('a key in the URL is refused even beside a good header', () => {
  expect(codeOf('Bearer root', ['since', 'API_KEY'])).toBe('TR_AUTH_MISSING');
});

test('the hash of a key is not a key', () => {
  expect(codeOf(`Bearer ${keys.admin[0]?.sha256}`)).toBe('TR_AUTH_INVALID');
});
