import { createHmac, timingSafeEqual } from 'node:crypto';
import { fail, ok, type Result } from '../../records/errors.ts';

/** What a link says: which one it is, and when it ends (Unix milliseconds). The rest is in the store. */
export interface LinkClaim {
  id: string;
  expiresAtMs: number;
}

/** Separates this use of HMAC from any other with the same key. */
const PURPOSE = 'tailrace vendor link v1';
/** No token is longer; what is gets no hash. */
const MAX_CHARS = 200;
const TOKEN = /^([A-Za-z0-9-]{1,64})\.([0-9a-z]{1,11})\.([A-Za-z0-9_-]{43})$/;

/** `<id>.<expiry in base 36>.<HMAC-SHA-256 in base64url>` (RFC 2104), safe in a URL's path. */
export function signLink(secret: Uint8Array, claim: LinkClaim): string {
  const body = `${claim.id}.${claim.expiresAtMs.toString(36)}`;
  return `${body}.${macOf(secret, body).toString('base64url')}`;
}

/** TR_LINK_INVALID for what was not signed here, TR_LINK_EXPIRED past its end. */
export function readLink(secret: Uint8Array, token: string, nowMs: number): Result<LinkClaim> {
  const match = token.length > MAX_CHARS ? null : TOKEN.exec(token);
  const [, id, expiry, mac] = match ?? [];
  if (id === undefined || expiry === undefined || mac === undefined) return invalid();
  const given = Buffer.from(mac, 'base64url');
  const right = macOf(secret, `${id}.${expiry}`);
  // Decoding forgives spare bits; only the one spelling is taken.
  const isSame = given.length === right.length && timingSafeEqual(given, right);
  if (!isSame || given.toString('base64url') !== mac) return invalid();
  const expiresAtMs = Number.parseInt(expiry, 36);
  if (nowMs >= expiresAtMs) {
    const day = new Date(expiresAtMs).toISOString().slice(0, 10);
    return fail('TR_LINK_EXPIRED', `this link ended on ${day}; ask for a new one`, {
      field: 'token',
    });
  }
  return ok({ id, expiresAtMs });
}

const macOf = (secret: Uint8Array, body: string): Buffer =>
  createHmac('sha256', secret).update(`${PURPOSE}\n${body}`).digest();

const invalid = (): Result<never> =>
  fail('TR_LINK_INVALID', 'this link was not made here, or not all of it was copied', {
    field: 'token',
  });
