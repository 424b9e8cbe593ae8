/** Where the admin key lives: this tab only, so that closing it signs out. */
const STORE_KEY = 'tailrace.adminKey';
const MAX_KEY_CHARS = 1_000;

type KeyStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** The admin key of this tab, and why the last one was refused. */
export interface Session {
  key: () => string | null;
  /** What to tell at the sign-in form; null at a first visit or after signing out. */
  refusal: () => string | null;
  signIn: (key: string) => void;
  signOut: (refusal?: string) => void;
  subscribe: (listener: () => void) => () => void;
}

/**
 * `storage` is null where the browser refuses it; the key then lives as long as the page. A header
 * cannot carry every character, so a key that is not printable ASCII is none.
 */
export function createSession(storage: KeyStorage | null): Session {
  let key = storage?.getItem(STORE_KEY) ?? null;
  let refusal: string | null = null;
  const listeners = new Set<() => void>();
  const set = (nextKey: string | null, nextRefusal: string | null): void => {
    key = nextKey;
    refusal = nextRefusal;
    if (nextKey === null) storage?.removeItem(STORE_KEY);
    else storage?.setItem(STORE_KEY, nextKey);
    for (const listener of listeners) listener();
  };
  return {
    key: () => key,
    refusal: () => refusal,
    signIn: (next) => {
      if (isSendable(next)) set(next, null);
      else set(null, 'A key is printable characters without spaces.');
    },
    signOut: (why) => {
      set(null, why ?? null);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

const isSendable = (key: string): boolean =>
  key.length > 0 && key.length <= MAX_KEY_CHARS && /^[\x21-\x7e]+$/.test(key);

/** The key of `#key=...`, and the address without it; null when the fragment holds none. */
export function keyOfFragment(hash: string): { key: string; rest: string } | null {
  const parts = hash.replace(/^#/, '').split('&');
  const found = parts.find((part) => part.startsWith('key='));
  if (found === undefined || found === 'key=') return null;
  const rest = parts.filter((part) => !part.startsWith('key=')).join('&');
  return { key: decoded(found.slice('key='.length)), rest: rest === '' ? '' : `#${rest}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Moves a key from the address bar into the session, so that it stays out of history and eyes. */
export function takeKeyFromAddress(
  session: Session,
  location: Pick<Location, 'hash' | 'pathname' | 'search'>,
  history: Pick<History, 'replaceState'>,
): void {
  const found = keyOfFragment(location.hash);
  if (found === null) return;
  history.replaceState(null, '', `${location.pathname}${location.search}${found.rest}`);
  session.signIn(found.key);
}
