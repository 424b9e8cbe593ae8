import { useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';

/** What the tab is called on a path, so that open tabs can be told apart. */
export function pageTitle(pathname: string): string {
  if (pathname === '/') return 'Services \u00b7 Tailrace';
  if (pathname === '/requests') return 'Requests \u00b7 Tailrace';
  if (pathname === '/planner') return 'Planner \u00b7 Tailrace';
  const [, id] = /^\/requests\/([^/]+)$/.exec(pathname) ?? [];
  return id === undefined ? 'Tailrace' : `Request ${id} \u00b7 Tailrace`;
}

export function usePageTitle(): void {
  const title = pageTitle(useLocation({ select: (location) => location.pathname }));
  useEffect(() => {
    document.title = title;
  }, [title]);
}
