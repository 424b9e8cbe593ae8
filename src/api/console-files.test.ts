import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestControl, type TestControl } from './test-control.ts';

const SECRET = 'outside the console';
let root = '';
let control: TestControl;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tailrace-console-'));
  const dist = join(root, 'dist');
  mkdirSync(join(dist, 'assets'), { recursive: true });
  writeFileSync(join(root, 'secret.txt'), SECRET);
  writeFileSync(join(dist, 'index.html'), '<!doctype html><title>Tailrace</title>');
  writeFileSync(join(dist, 'theme.js'), 'theme()');
  writeFileSync(join(dist, 'assets/index-Ab3_dE9x.js'), 'main()');
  writeFileSync(join(dist, 'large.css'), 'a{color:red}'.repeat(500));
  writeFileSync(join(dist, 'run.sh'), SECRET);
  symlinkSync(join(root, 'secret.txt'), join(dist, 'link.txt'));
  control = openTestControl({ consoleDir: dist });
});
afterAll(async () => {
  await control.close();
  rmSync(root, { recursive: true, force: true });
});

/** Without a key: the shell holds no data. */
const open = (path: string, headers: Record<string, string> = {}) =>
  control.app.request(`http://localhost${path}`, { headers: { host: 'localhost:1', ...headers } });

test('the page and its routes, without a key, never stale', async () => {
  for (const path of ['/', '/requests', '/requests/0190-abc', '/index.html']) {
    const response = await open(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.text()).toContain('<title>Tailrace</title>');
  }
});

test('hashed assets never change; others are asked for again', async () => {
  const hashed = await open('/assets/index-Ab3_dE9x.js');
  expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(hashed.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  const plain = await open('/theme.js');
  expect(plain.headers.get('cache-control')).toBe('no-cache');
  const again = await open('/theme.js', { 'if-none-match': plain.headers.get('etag') ?? '' });
  expect([again.status, await again.text()]).toEqual([304, '']);
});

test('large texts are compressed for who takes it, under an etag of their own', async () => {
  const plain = await open('/large.css');
  const packed = await open('/large.css', { 'accept-encoding': 'br, gzip' });
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  expect(packed.headers.get('vary')).toBe('accept-encoding');
  expect(packed.headers.get('etag')).not.toBe(plain.headers.get('etag'));
  const text = gunzipSync(new Uint8Array(await packed.arrayBuffer())).toString();
  expect(text).toBe(await plain.text());
  const refused = await open('/large.css', { 'accept-encoding': 'gzip;q=0' });
  expect(refused.headers.get('content-encoding')).toBeNull();
});

test('the page may run only its own scripts and may not be framed', async () => {
  const policy = (await open('/')).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
});

test('what is no file and no page is not found', async () => {
  for (const path of ['/nope.js', '/assets/gone-12345678.js', '/run.sh', '/link.txt', '/.env']) {
    expect((await open(path)).status, path).toBe(404);
  }
});

test('the host is checked here too, and only GET is taken', async () => {
  expect((await open('/', { host: 'evil.example' })).status).toBe(403);
  const post = await control.app.request('http://localhost/', {
    method: 'POST',
    headers: { host: 'localhost', 'content-type': 'application/json' },
    body: '{}',
  });
  expect(post.status).toBe(405);
});

test('without a console folder the reply says what to do', async () => {
  const bare = openTestControl();
  const response = await bare.ask('/');
  expect(response.status).toBe(404);
  expect(await response.text()).toContain('npm run build -w console');
  await bare.close();
});

const part = fc.constantFrom(
  '..',
  '.',
  '%2e%2e',
  '%2E.',
  '..%2f',
  '%5c',
  '\\',
  'assets',
  'secret.txt',
  'link.txt',
  'run.sh',
  '%00',
  'index.html',
  '',
  '~',
  'C:',
  '%252e%252e',
);

test('no path reaches outside the folder', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
      const response = await open(`/${parts.join('/')}`);
      expect(response.status).toBeLessThan(500);
      expect(await response.text()).not.toContain(SECRET);
    }),
  );
});
