import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { LAYERS } from '../layers.ts';

/** Pages without a parameter in their address. */
type PagePath =
  | '/'
  | '/why'
  | '/traces'
  | '/requests'
  | '/planner'
  | '/scorecard'
  | '/roadmap'
  | '/vendors';

type Entry = { label: string } & ({ to: PagePath } | { layer: string });

interface Group {
  title: string;
  entries: readonly Entry[];
}

/** Answers first, then the system layer by layer, then what to decide with. */
const GROUPS: readonly Group[] = [
  {
    title: 'Answers',
    entries: [
      { label: 'Overview', to: '/' },
      { label: 'Why', to: '/why' },
      { label: 'Traces', to: '/traces' },
      { label: 'Requests', to: '/requests' },
    ],
  },
  {
    title: 'Layers',
    entries: LAYERS.map(({ id, label }) => ({
      label,
      layer: id,
    })),
  },
  {
    title: 'Decide',
    entries: [
      { label: 'Planner', to: '/planner' },
      { label: 'Scorecard', to: '/scorecard' },
      { label: 'Roadmap', to: '/roadmap' },
      { label: 'Vendors', to: '/vendors' },
    ],
  },
];

/** Every page, in groups; `onChosen` is called when a link is followed. */
export function SideNav({ onChosen }: { onChosen: () => void }) {
  return (
    <nav aria-label="Pages" className="flex flex-col gap-3 text-sm">
      {GROUPS.map((group) => (
        <NavGroup key={group.title} group={group} onChosen={onChosen} />
      ))}
    </nav>
  );
}

function NavGroup({ group, onChosen }: { group: Group; onChosen: () => void }) {
  const id = useId();
  return (
    <div>
      <p id={id} className="px-2 pb-0.5 text-2xs font-semibold text-ink-3 uppercase">
        {group.title}
      </p>
      <ul
        aria-labelledby={id}
        className="grid grid-cols-2 gap-px sm:grid-cols-3 lg:flex lg:flex-col"
      >
        {group.entries.map((entry) => (
          <li key={entry.label}>
            <NavLink entry={entry} onChosen={onChosen} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The window stays when the page changes. */
const keepSince = (search: { since?: string }): { since?: string } =>
  search.since === undefined ? {} : { since: search.since };

const LOOKS =
  'block rounded px-2 py-1 text-ink-2 hover:bg-sunken hover:text-ink data-[status=active]:bg-sunken data-[status=active]:font-medium data-[status=active]:text-ink';

function NavLink({ entry, onChosen }: { entry: Entry; onChosen: () => void }) {
  return 'layer' in entry ? (
    <Link
      to="/layers/$layer"
      params={{ layer: entry.layer }}
      search={keepSince}
      activeOptions={{ includeSearch: false }}
      onClick={onChosen}
      className={LOOKS}
    >
      {entry.label}
    </Link>
  ) : (
    <Link
      to={entry.to}
      search={keepSince}
      activeOptions={{ exact: entry.to === '/', includeSearch: false }}
      onClick={onChosen}
      className={LOOKS}
    >
      {entry.label}
    </Link>
  );
}
