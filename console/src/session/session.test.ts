import { describe, expect, test } from 'vitest';
import { createSession, keyOfFragment, takeKeyFromAddress } from './session.ts';

const storage = () => {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => void values.set(name, value),
    removeItem: (name: string) => void values.delete(name),
  };
};

describe('session', () => {
  test('moves the key of the fragment to the tab and cleans the address', () => {
    const store = storage();
    const session = createSession(store);
    const seen: string[] = [];
    takeKeyFromAddress(
      session,
      { hash: '#key=trk_1%2B2&x=1', pathname: '/requests', search: '?since=1h' },
      { replaceState: (_state, _unused, url) => void seen.push(String(url)) },
    );
    expect(session.key()).toBe('trk_1+2');
    expect(seen).toEqual(['/requests?since=1h#x=1']);
    expect(createSession(store).key()).toBe('trk_1+2');
  });

  test('a fragment without a key changes nothing', () => {
    for (const hash of ['', '#', '#key=', '#other=1', '#monkey=1']) {
      expect(keyOfFragment(hash)).toBeNull();
    }
    expect(keyOfFragment('#key=%')).toEqual({ key: '%', rest: '' });
  });

  test('refuses what no header can carry, and says why', () => {
    const session = createSession(null);
    for (const bad of ['a b', 'a\nb', 'schl\u00fcssel', 'x'.repeat(1001)]) {
      session.signIn(bad);
      expect(session.key()).toBeNull();
      expect(session.refusal()).toContain('printable');
    }
  });

  test('signing out forgets the key, keeps the reason and tells listeners', () => {
    const store = storage();
    const session = createSession(store);
    let calls = 0;
    const stop = session.subscribe(() => void calls++);
    session.signIn('trk_1');
    session.signOut('revoked');
    expect([session.key(), session.refusal(), store.values.size]).toEqual([null, 'revoked', 0]);
    stop();
    session.signIn('trk_2');
    expect(calls).toBe(2);
  });
});
