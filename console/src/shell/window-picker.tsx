import { useLocation, useNavigate, useSearch } from '@tanstack/react-router';
import { DEFAULT_SINCE, WINDOWS } from '../search.ts';
import { Segmented } from '../ui/segmented.tsx';

/** Pages whose figures are of a window. */
const hasWindow = (path: string): boolean =>
  path === '/' ||
  path === '/requests' ||
  path === '/planner' ||
  path === '/why' ||
  path.startsWith('/layers/');

/**
 * How far back the figures of every page reach; `since` of the address. Absent where it would
 * change nothing, which is the page of one request.
 */
export function WindowPicker() {
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const path = useLocation({ select: (location) => location.pathname });
  if (!hasWindow(path)) return null;
  // A range picked on the requests page is no window that ends now: then none is pressed.
  const value = search.fromMs === undefined ? (search.since ?? DEFAULT_SINCE) : '';
  const known: readonly string[] = WINDOWS;
  const all = known.includes(value) || value === '' ? known : [...known, value];
  return (
    <Segmented
      label="Window"
      value={value}
      options={all.map((one) => ({ value: one, label: one, title: `The last ${one}` }))}
      onChange={(since) => {
        void navigate({
          to: '.',
          // Page and range belong to the former window.
          search: ({ fromMs: _from, toMs: _to, offset: _offset, ...rest }) => ({ ...rest, since }),
          resetScroll: false,
        });
      }}
    />
  );
}
