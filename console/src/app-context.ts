import { createContext, use, useSyncExternalStore } from 'react';
import type { Client } from './api/client.ts';
import type { Session } from './session/session.ts';
import type { ThemeStore } from './shell/theme.ts';

/** What `main.tsx` makes once and hands to every page. */
export interface App {
  client: Client;
  session: Session;
  themes: ThemeStore;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = use(AppContext);
  if (app === null) throw new Error('useApp needs an AppContext above it');
  return app;
}

export function useKey(): string | null {
  const { session } = useApp();
  return useSyncExternalStore(session.subscribe, session.key);
}

/** Changes when the colours of the page do, so that canvases are painted again. */
export function useTheme(): 'light' | 'dark' {
  const { themes } = useApp();
  return useSyncExternalStore(themes.subscribe, themes.theme);
}
