import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useState } from 'react';
import { healthQuery } from '../api/queries.ts';
import { useApp, useKey } from '../app-context.ts';
import { SignIn } from '../session/sign-in.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { LeaveIcon, MenuIcon } from './icons.tsx';
import { LiveBadge } from './live-badge.tsx';
import { Mark } from './mark.tsx';
import { SideNav } from './side-nav.tsx';
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
  const [isOpen, setOpen] = useState(false);
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
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-1.5 sm:px-4">
          <span className="flex items-center gap-2 text-sm font-semibold">
            <Mark /> Tailrace
          </span>
          <Button
            aria-expanded={isOpen}
            aria-controls="pages"
            className="lg:hidden"
            onClick={() => {
              setOpen(!isOpen);
            }}
          >
            <MenuIcon /> Pages
          </Button>
          <HeaderTools sessionKey={sessionKey} />
        </div>
      </header>
      <div className="mx-auto max-w-[1720px] lg:grid lg:grid-cols-[11.5rem_minmax(0,1fr)] print:block">
        <div
          id="pages"
          data-screen-only
          className={`${isOpen ? 'block' : 'hidden'} border-b border-line bg-panel px-2 py-3 lg:sticky lg:top-12 lg:block lg:max-h-[calc(100vh-3rem)] lg:self-start lg:overflow-y-auto lg:border-b-0 lg:bg-transparent`}
        >
          <SideNav
            onChosen={() => {
              setOpen(false);
            }}
          />
        </div>
        <main
          id="main"
          tabIndex={-1}
          className="flex min-w-0 flex-col gap-4 px-3 py-4 outline-none sm:px-4 lg:ps-2"
        >
          <HealthAlarm />
          <Outlet />
        </main>
      </div>
    </>
  );
}

function HeaderTools({ sessionKey }: { sessionKey: string }) {
  const { session } = useApp();
  const queries = useQueryClient();
  const live = useLive(sessionKey);
  return (
    <div className="flex w-full flex-wrap items-center justify-between gap-x-3 gap-y-1 sm:w-auto sm:flex-1 sm:justify-end">
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
