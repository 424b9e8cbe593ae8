import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readInstanceRecord } from '../cli/instance-record.ts';
import { instanceUrl, readOrCreateAdminKey, writeInstanceFile } from './instance-file.ts';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tailrace-instance-'));
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

test.each([
  ['127.0.0.1', 'http://127.0.0.1:8787'],
  ['0.0.0.0', 'http://127.0.0.1:8787'],
  ['::1', 'http://[::1]:8787'],
  ['::', 'http://[::1]:8787'],
  ['fd00::5', 'http://[fd00::5]:8787'],
  ['box.lan', 'http://box.lan:8787'],
])('an instance that listens on %s is found at %s', (host, url) => {
  expect(instanceUrl(host, 8787)).toBe(url);
  const about = { adminKey: 'tr_admin_0123456789', pid: 5, startedAtMs: 1, version: '1' };
  writeInstanceFile(dir, { ...about, url: instanceUrl(host, 8787) });
  expect(readInstanceRecord(dir)).toEqual({ record: { ...about, url } });
});

test('the admin key is made once', () => {
  const key = readOrCreateAdminKey(dir);
  expect(readOrCreateAdminKey(dir)).toBe(key);
  expect(readFileSync(join(dir, 'admin.key'), 'utf8')).toBe(`${key}\n`);
});

test('a state folder that cannot be made is an error that names it and the way out', () => {
  const file = join(dir, 'file');
  writeFileSync(file, '');
  expect(() => readOrCreateAdminKey(file)).toThrow(
    expect.objectContaining({
      code: 'TR_START_FAILED',
      message: expect.stringMatching(/file.*TAILRACE_DATA/),
    }),
  );
});
