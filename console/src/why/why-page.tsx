import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { getQuery } from '../api/get.ts';
import { useApp } from '../app-context.ts';
import { formatDateTime, formatTime } from '../format.ts';
import { DEFAULT_SINCE } from '../search.ts';
import { Failure } from '../shell/failure.tsx';
import { SimulatedBadge } from '../ui/badge.tsx';
import { SelectField } from '../ui/field.tsx';
import { Loading } from '../ui/notice.tsx';
import { Panel } from '../ui/panel.tsx';
import { Missing } from '../ui/value.tsx';
import { AccountPanel } from './account-panel.tsx';
import { FindingList } from './finding-list.tsx';
import { Icicle } from './icicle.tsx';
import { LeafTable } from './leaf-table.tsx';
import { StragglerPanel } from './straggler-panel.tsx';
import { BUSINESS, type Tree, type Why } from './why-shapes.ts';

/** Where every accelerator-hour paid for went, in money, and which single change frees most. */
export function WhyPage() {
  const { client } = useApp();
  const { since = DEFAULT_SINCE, subject } = useSearch({ from: '/why' });
  const ask = { since, ...(subject === undefined ? {} : { subject }) };
  const { data, error, dataUpdatedAt } = useQuery(getQuery(client, 'why', ask));
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <h1 className="text-lg font-semibold">Why utilization is not higher</h1>
        {data === undefined ? null : <SubjectPicker why={data} />}
      </div>
      <Failure
        what="the account of accelerator time"
        error={error}
        shownSinceMs={data === undefined ? null : dataUpdatedAt}
      />
      {data === undefined && error === null ? <Loading what="the account" /> : null}
      {data === undefined ? null : <Report why={data} />}
    </>
  );
}

function SubjectPicker({ why }: { why: Why }) {
  const navigate = useNavigate({ from: '/why' });
  const { subject } = useSearch({ from: '/why' });
  const names = new Set(why.accounts.flatMap((one) => [one.subject, ...one.services]));
  if (subject !== undefined) names.add(subject);
  return (
    <div data-screen-only className="w-48">
      <SelectField
        label="Service, engine or job"
        value={subject ?? ''}
        options={[
          { value: '', label: 'Everything' },
          ...[...names].toSorted().map((name) => ({ value: name, label: name })),
        ]}
        onChange={(value) => {
          void navigate({
            search: ({ subject: _subject, ...rest }) =>
              value === '' ? rest : { ...rest, subject: value },
          });
        }}
      />
    </div>
  );
}

function Report({ why }: { why: Why }) {
  return (
    <>
      <p className="flex flex-wrap items-center gap-2 text-xs text-ink-3">
        <SimulatedBadge simulated={why.simulated} />
        {formatDateTime(why.fromMs)} to {formatTime(why.toMs)}
      </p>
      <p data-testid="why-sentence" data-value={why.sentence} className="text-base">
        {why.sentence}
      </p>
      {why.trees.map((tree) => (
        <TreePanel key={tree.business} tree={tree} />
      ))}
      <FindingList findings={why.findings} />
      <StragglerPanel />
      <AccountPanel accounts={why.accounts} />
      {why.unknown.length === 0 ? null : (
        <Panel id="why-unknown" level={2} title="What could not be looked at">
          <ul className="list-disc ps-4 text-xs text-ink-2">
            {why.unknown.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

function TreePanel({ tree }: { tree: Tree }) {
  return (
    <Panel
      id={`why-${tree.business}`}
      level={2}
      title={`${BUSINESS[tree.business]}: every accelerator-hour paid for`}
    >
      <Icicle tree={tree} />
      <LeafTable tree={tree} />
      <Missing items={tree.missing} />
    </Panel>
  );
}
