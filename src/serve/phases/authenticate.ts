import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { fail, ok, type Result } from '../../records/errors.ts';
import type { KeyEntry } from '../key-table.ts';

/** Keys by the SHA-256 of the key, the only form in which they are held. */
export type KeyTable = ReadonlyMap<string, KeyEntry>;

export const keyTable = (keys: readonly KeyEntry[]): KeyTable =>
  new Map(keys.map((key) => [key.sha256, key]));

/** The key a client sent, as OpenAI clients (bearer) or Anthropic clients (x-api-key) send it. */
export function presentedKey(headers: IncomingHttpHeaders): string | null {
  const bearer = headers.authorization;
  if (bearer !== undefined && /^bearer /i.test(bearer)) return bearer.slice(7).trim();
  const apiKey = headers['x-api-key'];
  return typeof apiKey === 'string' ? apiKey : null;
}

/**
 * Phase 2: who is this? The look-up goes by digest, so its timing says nothing of stored keys, and
 * the digests are then compared in constant time.
 */
export function authenticate(headers: IncomingHttpHeaders, keys: KeyTable): Result<KeyEntry> {
  const presented = presentedKey(headers);
  if (presented === null || presented === '') {
    return fail(
      'TR_AUTH_MISSING',
      'no API key: send "Authorization: Bearer <key>" or "x-api-key: <key>"',
      { field: 'authorization' },
    );
  }
  const digest = hash('sha256', presented, 'hex');
  const entry = keys.get(digest);
  if (entry === undefined || !sameDigest(entry.sha256, digest)) {
    return fail('TR_AUTH_INVALID', 'this API key is not known here or was revoked', {
      field: 'authorization',
    });
  }
  return ok(entry);
}

/** Constant-time comparison of two hex digests. */
export function sameDigest(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
