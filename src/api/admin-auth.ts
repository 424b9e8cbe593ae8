import { createHash, timingSafeEqual } from 'node:crypto';
import { fail, ok, type Result } from '../records/errors.ts';
import type { KeyEntry } from '../serve/key-table.ts';

/** Longest Authorization header that is looked at, so that hashing has a bound. */
const MAX_HEADER_CHARS = 1_024;

/** Query parameters in which people put keys; a URL ends in logs and history, so they are refused. */
const KEY_PARAMETERS = new Set([
  'key',
  'api_key',
  'apikey',
  'api-key',
  'token',
  'access_token',
  'auth',
]);

/** Compares with every entry, in the same time whether or not and where one matches. */
function findKey(digest: Buffer, entries: readonly KeyEntry[]): KeyEntry | null {
  let found: KeyEntry | null = null;
  for (const entry of entries) {
    const known = Buffer.from(entry.sha256, 'hex');
    if (known.length === digest.length && timingSafeEqual(known, digest)) found = entry;
  }
  return found;
}

/**
 * Who asks: the entry of the admin key, or of one that may push where `ingest` lists those. TR_AUTH_MISSING, TR_AUTH_INVALID, or TR_ADMIN_REQUIRED for
 * a key that is known but not an admin's (`known` is asked only then).
 */
export function authenticateAdmin(
  authorization: string | null,
  parameterNames: Iterable<string>,
  keys: {
    admin: readonly KeyEntry[];
    ingest?: readonly KeyEntry[];
    known: () => readonly KeyEntry[];
  },
): Result<KeyEntry> {
  for (const name of parameterNames) {
    if (KEY_PARAMETERS.has(name.toLowerCase())) {
      return fail('TR_AUTH_MISSING', `a key in the URL is refused; ${HOW}`, { field: name });
    }
  }
  if (authorization === null || authorization === '') {
    return fail('TR_AUTH_MISSING', `no admin key was sent; ${HOW}`, { field: 'authorization' });
  }
  const token = /^Bearer +(\S+) *$/i.exec(authorization.slice(0, MAX_HEADER_CHARS + 1))?.[1];
  if (token === undefined || authorization.length > MAX_HEADER_CHARS) {
    return fail('TR_AUTH_INVALID', `the Authorization header is not a bearer key; ${HOW}`, {
      field: 'authorization',
    });
  }
  const digest = createHash('sha256').update(token).digest();
  const entry = findKey(digest, keys.admin);
  if (entry?.admin === true) return ok(entry);
  const pusher = findKey(digest, keys.ingest ?? []);
  if (pusher !== null) return ok(pusher);
  if (entry !== null || findKey(digest, keys.known()) !== null) {
    return fail('TR_ADMIN_REQUIRED', 'this key is a service key; use an admin key', {
      field: 'authorization',
    });
  }
  return fail('TR_AUTH_INVALID', 'the key is not known or was revoked', {
    field: 'authorization',
  });
}

const HOW = 'send `Authorization: Bearer <admin key>`';
