import { useState, useSyncExternalStore } from 'react';
import { useApp } from '../app-context.ts';
import { PrimaryButton } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Mark } from '../shell/mark.tsx';

/** Asks for an admin key. The next read shows whether it is one; a refusal leads back here. */
export function SignIn() {
  const { session } = useApp();
  const [key, setKey] = useState('');
  const refusal = useSyncExternalStore(session.subscribe, session.refusal);
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-4 p-4">
      <h1 className="flex items-center gap-2 text-lg font-semibold">
        <Mark /> Tailrace
      </h1>
      {refusal === null ? null : (
        <Notice tone="bad" title="That key was refused" role="alert">
          {refusal}
        </Notice>
      )}
      <form
        className="flex flex-col gap-3 rounded-md border border-line bg-panel p-4"
        onSubmit={(event) => {
          event.preventDefault();
          session.signIn(key.trim());
        }}
      >
        <label htmlFor="admin-key" className="text-sm font-medium">
          Admin key
        </label>
        <input
          id="admin-key"
          name="key"
          type="password"
          autoComplete="current-password"
          spellCheck={false}
          required
          value={key}
          aria-describedby="admin-key-help"
          onChange={(event) => {
            setKey(event.target.value);
          }}
          className="h-9 rounded border border-line-strong bg-page px-2 font-mono text-sm"
        />
        <p id="admin-key-help" className="text-xs text-ink-3">
          Part of the console address that <code className="font-mono">tailrace up</code> prints, or
          made with <code className="font-mono">tailrace keys create NAME --admin</code>. It stays
          in this tab only.
        </p>
        <PrimaryButton type="submit">Sign in</PrimaryButton>
      </form>
    </main>
  );
}
