import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { healthQuery } from '../api/queries.ts';
import { useApp, useKey } from '../app-context.ts';
import { SignIn } from '../session/sign-in.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { LeaveIcon } from './icons.tsx';
import { LiveBadge } from './live-badge.tsx';
import { Mark } from './mark.tsx';
import { ThemeChoiceControl } from './theme-choice.tsx';
import { useLive } from './use-live.ts';
import { usePageTitle } from './page-title.ts';
import { WindowPicker } from './window-picker.tsx';

/** The frame of every page: skip link, navigation, alarms; or the sign-in form without a key. */
export function Shell() {
  const key = useKey();
  return key === null ? <SignIn /> : <Frame sessionKey={key} />;
}

function Frame({ sessionKey }: { sessionKey: string }) {
  usePageTitle();
  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:start-2 focus:top-2 focus:z-20 focus:rounded focus:bg-panel focus:px-3 focus:py-2 focus:shadow"
      >
        Skip to content
      </a>
      <header
        data-screen-only
        className="sticky top-0 z-10 border-b border-line bg-panel/95 backdrop-blur"
      >
        <div className="mx-auto flex max-w-[1600px] flex-wrap items-center gap-x-4 gap-y-1 px-3 py-1.5 sm:px-4">
          <span className="flex items-center gap-2 text-sm font-semibold">
            <Mark /> Tailrace
          </span>
          <nav aria-label="Pages" className="flex gap-1">
            <PageLink to="/">Overview</PageLink>
            <PageLink to="/requests">Requests</PageLink>
            <PageLink to="/planner">Planner</PageLink>
          </nav>
          <HeaderTools sessionKey={sessionKey} />
        </div>
      </header>
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto flex max-w-[1600px] flex-col gap-4 px-3 py-4 outline-none sm:px-4"
      >
        <HealthAlarm />
        <Outlet />
      </main>
    </>
  );
}

function PageLink({ to, children }: { to: '/' | '/requests' | '/planner'; children: ReactNode }) {
  return (
    <Link
      to={to}
      search={(search) => (search.since === undefined ? {} : { since: search.since })}
      activeOptions={{ exact: to === '/', includeSearch: false }}
      className="rounded px-2 py-1 text-sm text-ink-2 hover:text-ink data-[status=active]:bg-sunken data-[status=active]:font-medium data-[status=active]:text-ink"
    >
      {children}
    </Link>
  );
}

function HeaderTools({ sessionKey }: { sessionKey: string }) {
  const { session } = useApp();
  const queries = useQueryClient();
  const live = useLive(sessionKey);
  return (
    <div className="flex flex-1 flex-wrap items-center justify-between gap-x-3 gap-y-1 sm:justify-end">
      <WindowPicker />
      <LiveBadge state={live} />
      <ThemeChoiceControl />
      <Button
        aria-label="Sign out"
        title="Sign out"
        onClick={() => {
          session.signOut();
          queries.clear();
        }}
      >
        <LeaveIcon />
      </Button>
    </div>
  );
}

/** Losses, a full disk, a worker that is down: told on every page until they are gone. */
function HealthAlarm() {
  const { client } = useApp();
  const { data } = useQuery(healthQuery(client));
  if (data === undefined || data.problems.length === 0) return null;
  return (
    <Notice tone="bad" title="Tailrace needs attention" role="alert">
      <ul className="list-disc ps-4">
        {data.problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </Notice>
  );
}
