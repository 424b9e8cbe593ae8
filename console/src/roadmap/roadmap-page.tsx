import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { getQuery } from '../api/get.ts';
import { useApp } from '../app-context.ts';
import { formatNoun } from '../format.ts';
import { ROLE_WORDS, type Action, type Roadmap } from '../scorecard/score-shapes.ts';
import { ROLES, type RoadmapSearch, type Role } from '../search.ts';
import { Failure } from '../shell/failure.tsx';
import { SelectField } from '../ui/field.tsx';
import { Loading } from '../ui/notice.tsx';
import { Panel } from '../ui/panel.tsx';
import { SaveButton } from '../ui/save-button.tsx';
import { ActionItem } from './action-item.tsx';
import { RoleLayers } from './role-layers.tsx';

const PERIODS = [30, 60, 90] as const;
const FORMATS = [
  { format: 'md', label: 'Markdown' },
  { format: 'csv', label: 'CSV' },
  { format: 'ics', label: 'Calendar' },
] as const;

/** What to do in 30, 60 and 90 days: an action for every gap, which closes itself when its condition holds. */
export function RoadmapPage() {
  const { client } = useApp();
  const search = useSearch({ from: '/roadmap' });
  const { data, error, dataUpdatedAt } = useQuery(getQuery(client, 'roadmap', search));
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <h1 className="text-lg font-semibold">Roadmap</h1>
        <Tools search={search} roles={data?.roles ?? []} />
      </div>
      <Failure
        what="the roadmap"
        error={error}
        shownSinceMs={data === undefined ? null : dataUpdatedAt}
      />
      {data === undefined && error === null ? <Loading what="the roadmap" /> : null}
      {data === undefined ? null : <Periods roadmap={data} />}
    </>
  );
}

function Tools({ search, roles }: { search: RoadmapSearch; roles: Roadmap['roles'] }) {
  const navigate = useNavigate({ from: '/roadmap' });
  const openOf = (role: Role): number => roles.find((one) => one.role === role)?.open ?? 0;
  return (
    <div data-screen-only className="flex flex-wrap items-end gap-2">
      <div className="w-48">
        <SelectField
          label="Role"
          value={search.role ?? ''}
          options={[
            { value: '', label: 'Every role' },
            ...ROLES.map((role) => ({
              value: role,
              label: `${ROLE_WORDS[role]} (${openOf(role)})`,
            })),
          ]}
          onChange={(value) => {
            const role = ROLES.find((one) => one === value);
            void navigate({
              search: ({ role: _role, ...rest }) => (role === undefined ? rest : { ...rest, role }),
            });
          }}
        />
      </div>
      {FORMATS.map(({ format, label }) => (
        <SaveButton
          key={format}
          path="roadmap/export"
          query={{ ...search, format }}
          name={`roadmap.${format}`}
        >
          {label}
        </SaveButton>
      ))}
    </div>
  );
}

function Periods({ roadmap }: { roadmap: Roadmap }) {
  const open = roadmap.actions.filter((one) => one.state !== 'closed');
  const closed = roadmap.actions.filter((one) => one.state === 'closed');
  return (
    <>
      {roadmap.role === null ? null : <RoleLayers actions={roadmap.actions} />}
      <div className="grid items-start gap-3 lg:grid-cols-3">
        {PERIODS.map((period) => (
          <Period
            key={period}
            period={period}
            actions={open.filter((one) => one.period === period)}
          />
        ))}
      </div>
      {closed.length === 0 ? null : (
        <Panel id="roadmap-closed" level={2} title={`Closed: ${closed.length}`}>
          <ul className="flex flex-col gap-1 text-sm">
            {closed.map((one) => (
              <li key={one.id}>{one.title}</li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

function Period({ period, actions }: { period: 30 | 60 | 90; actions: readonly Action[] }) {
  const effort = actions.reduce((sum, one) => sum + one.effortDays, 0);
  return (
    <Panel
      id={`roadmap-${period}`}
      level={2}
      title={`By day ${period}`}
      aside={
        <span className="text-xs text-ink-3">
          {formatNoun(actions.length, 'action')}, {formatNoun(effort, 'day')} of work
        </span>
      }
    >
      {actions.length === 0 ? (
        <p className="text-xs text-ink-3">Nothing is due.</p>
      ) : (
        <ol className="flex flex-col">
          {actions.map((one) => (
            <ActionItem key={one.id} action={one} />
          ))}
        </ol>
      )}
    </Panel>
  );
}
