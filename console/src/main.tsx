import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from './api/client.ts';
import { shouldRetry } from './api/queries.ts';
import { AppContext, type App } from './app-context.ts';
import { router } from './router.tsx';
import { createSession, takeKeyFromAddress } from './session/session.ts';
import { createThemeStore } from './shell/theme.ts';
import './styles.css';

/** Storage that a browser setting may refuse; null then. */
function storageOf(kind: 'localStorage' | 'sessionStorage'): Storage | null {
  try {
    return window[kind];
  } catch {
    return null;
  }
}

const session = createSession(storageOf('sessionStorage'));
takeKeyFromAddress(session, window.location, window.history);

const app: App = {
  session,
  client: createClient({
    fetch: (path, init) => window.fetch(path, init),
    key: session.key,
    onRefused: session.signOut,
  }),
  themes: createThemeStore(window, storageOf('localStorage')),
};

const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: shouldRetry, staleTime: 1_000, refetchOnWindowFocus: true },
  },
});

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');
createRoot(root).render(
  <StrictMode>
    <AppContext value={app}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </AppContext>
  </StrictMode>,
);
