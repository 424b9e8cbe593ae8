import { expect, test } from 'vitest';
import { checkHost } from './host-guard.ts';

const allowed = (host: string | null, origin: string | null = null, list: string[] = []) =>
  checkHost({ host, origin }, list).ok;

test.each([
  'localhost',
  'localhost:8787',
  'LOCALHOST:8787',
  'localhost.',
  '127.0.0.1:1',
  '127.9.8.7',
  '[::1]:8787',
])('loopback %s is served', (host) => expect(allowed(host)).toBe(true));

test.each([
  null,
  '',
  'evil.example',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  'evil.example:8787',
  '127.0.0.256',
  '127.1',
  '2130706433',
  '0x7f.0.0.1',
  '0.0.0.0',
  '[::]',
  '[::ffff:127.0.0.1]',
  '169.254.169.254',
  'localhost:8787@evil.example',
  'localhost, evil.example',
  'localhost/',
  ' localhost',
  'localhost:',
  '.',
])('%j is refused', (host) => expect(allowed(host)).toBe(false));

test('listed hosts are served on any port, or only on the one that is listed', () => {
  expect(allowed('box.lan:9', null, ['box.lan'])).toBe(true);
  expect(allowed('BOX.lan', null, ['Box.LAN'])).toBe(true);
  expect(allowed('box.lan:9', null, ['box.lan:8'])).toBe(false);
  expect(allowed('box.lan:8', null, ['box.lan:8'])).toBe(true);
  expect(allowed('x.box.lan', null, ['box.lan'])).toBe(false);
  expect(allowed('box.lan', null, ['', '*', 'http://box.lan'])).toBe(false);
});

test('an Origin must be the very host that is addressed', () => {
  expect(allowed('localhost:8787', 'http://localhost:8787')).toBe(true);
  expect(allowed('box.lan', 'https://box.lan', ['box.lan'])).toBe(true);
  expect(allowed('box.lan:443', 'https://box.lan', ['box.lan'])).toBe(true);
  expect(allowed('localhost:8787', 'http://localhost:8788')).toBe(false);
  expect(allowed('localhost:8787', 'http://127.0.0.1:8787')).toBe(false);
  expect(allowed('localhost:8787', 'null')).toBe(false);
  expect(allowed('localhost:8787', '')).toBe(false);
  expect(allowed('localhost:8787', 'http://evil.example')).toBe(false);
  expect(allowed('localhost:8787', 'http://evil.example@localhost:8787')).toBe(false);
  expect(allowed('localhost:8787', 'chrome-extension://localhost:8787')).toBe(false);
});

test('the refusal names the header and the fix', () => {
  const result = checkHost({ host: 'evil.example', origin: null }, []);
  expect(result).toMatchObject({
    ok: false,
    error: { code: 'TR_HOST_REFUSED', field: 'host' },
  });
  expect(!result.ok && result.error.message).toContain('server.allowedHosts');
});
