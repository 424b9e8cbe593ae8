import { describe, expect, it } from 'vitest';
import { parseTarget } from './target.ts';

describe('target', () => {
  it.each([
    ['http://127.0.0.1:8787', 'http://127.0.0.1:8787', '/v1/chat/completions'],
    ['http://localhost:8787/', 'http://localhost:8787', '/v1/chat/completions'],
    ['http://[::1]:80/v1/', 'http://[::1]', '/v1/chat/completions'],
    ['http://127.9.9.9/proxy/v1', 'http://127.9.9.9', '/proxy/v1/chat/completions'],
  ])('%s', (text, origin, chatPath) => {
    const target = parseTarget(text, false);
    expect(target).toMatchObject({ ok: true, value: { origin, chatPath, loopback: true } });
  });

  it.each([
    'https://api.openai.com/v1',
    'http://10.0.0.1:8787',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://0.0.0.0:8787',
    'http://[::ffff:10.0.0.1]',
    // Other spellings that the URL parser resolves to an address: 128.0.0.1.
    'http://2147483649',
  ])('refuses %s without --allow-remote', (text) => {
    const refused = parseTarget(text, false);
    expect(refused).toMatchObject({ ok: false, error: { code: 'TR_TARGET_REFUSED' } });
    expect(parseTarget(text, true)).toMatchObject({ ok: true, value: { loopback: false } });
  });

  it.each([
    'nonsense',
    'ftp://127.0.0.1',
    'http://u:p@127.0.0.1',
    'http://127.0.0.1/v1/chat/completions',
    'http://127.0.0.1/?a=1',
  ])('refuses %s always', (text) => {
    expect(parseTarget(text, true)).toMatchObject({ ok: false });
  });
});
