import { readFileSync } from 'node:fs';
import { createServer, type TlsOptions } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { checkTls } from './check-tls.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../../../test/fixtures/vendors-tls/${name}`, import.meta.url), 'utf8');
const cert = fixture('certificate.pem');
const NOW_MS = Date.now();

async function checked(options: TlsOptions, ca?: string, nowMs = NOW_MS) {
  const server = createServer({ cert, key: fixture('key.pem'), ...options });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await checkTls(`https://localhost:${port}/v1`, nowMs, ca);
  } finally {
    server.close();
  }
}

it('passes a current version with a certificate that is trusted', async () => {
  const check = await checked({ minVersion: 'TLSv1.2' }, cert);
  expect(check).toMatchObject({
    verdict: 'pass',
    details: { protocol: 'TLSv1.3', oldTaken: false },
  });
});

it('fails a certificate that is not trusted or out of date, and versions that are forbidden', async () => {
  expect((await checked({ minVersion: 'TLSv1.2' })).summary).toContain('not trusted');
  const late = Date.parse('2300-01-01T00:00:00Z');
  expect((await checked({ minVersion: 'TLSv1.2' }, cert, late)).summary).toContain('out of date');
  const old = await checked({ minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }, cert);
  expect(old).toMatchObject({ verdict: 'fail', details: { oldTaken: true } });
});

it('says that plain HTTP is not encrypted, and that a closed port says nothing', async () => {
  expect(await checkTls('http://127.0.0.1:1/v1', NOW_MS)).toMatchObject({ verdict: 'absent' });
  expect(await checkTls('https://127.0.0.1:1/v1', NOW_MS)).toMatchObject({ verdict: 'unknown' });
});
