import { useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { findLayer } from '../layers.ts';

const PAGES: Readonly<Record<string, string>> = {
  '/': 'Services',
  '/requests': 'Requests',
  '/planner': 'Planner',
  '/why': 'Why',
  '/traces': 'Traces',
  '/scorecard': 'Scorecard',
  '/scorecard/interview': 'Interview',
  '/roadmap': 'Roadmap',
  '/vendors': 'Vendors',
};

/** What the tab is called on a path, so that open tabs can be told apart. */
export function pageTitle(pathname: string): string {
  const known = PAGES[pathname];
  if (known !== undefined) return `${known} \u00b7 Tailrace`;
  const [, layer] = /^\/layers\/([a-z]+)$/.exec(pathname) ?? [];
  const named = layer === undefined ? null : findLayer(layer);
  if (named !== null) return `${named.label} \u00b7 Tailrace`;
  const [, id] = /^\/requests\/([^/]+)$/.exec(pathname) ?? [];
  return id === undefined ? 'Tailrace' : `Request ${id} \u00b7 Tailrace`;
}

export function usePageTitle(): void {
  const title = pageTitle(useLocation({ select: (location) => location.pathname }));
  useEffect(() => {
    document.title = title;
  }, [title]);
}
