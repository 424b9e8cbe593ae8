import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { getQuery } from '../api/get.ts';
import { useApp } from '../app-context.ts';
import { formatDateTime } from '../format.ts';
import { Failure } from '../shell/failure.tsx';
import { SelectField } from '../ui/field.tsx';
import { Loading, Notice } from '../ui/notice.tsx';
import { SaveButton } from '../ui/save-button.tsx';
import { CategoryList } from './category-list.tsx';
import { LatePanel } from './late-panel.tsx';
import { RedFlagPanel } from './red-flag-panel.tsx';
import type { Score } from './score-shapes.ts';
import { TotalsPanel } from './totals-panel.tsx';
import { TrendPanel } from './trend-panel.tsx';

/** How disciplined the spending on AI is: eight categories, graded from evidence. */
export function ScorecardPage() {
  const { client } = useApp();
  const { service, category } = useSearch({ from: '/scorecard' });
  const ask = service === undefined ? {} : { service };
  const { data, error, dataUpdatedAt } = useQuery(getQuery(client, 'score', ask));
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <h1 className="text-lg font-semibold">Scorecard</h1>
        {data === undefined ? null : <Tools score={data} />}
      </div>
      <Failure
        what="the scorecard"
        error={error}
        shownSinceMs={data === undefined ? null : dataUpdatedAt}
      />
      {data === undefined && error === null ? <Loading what="the scorecard" /> : null}
      {data === undefined ? null : <Card score={data} open={category ?? null} />}
    </>
  );
}

function Tools({ score }: { score: Score }) {
  const navigate = useNavigate({ from: '/scorecard' });
  const { service } = useSearch({ from: '/scorecard' });
  const all = [{ value: '', label: 'Whole organisation' }];
  return (
    <div data-screen-only className="flex flex-wrap items-end gap-2">
      <div className="w-44">
        <SelectField
          label="Of"
          value={service ?? ''}
          options={[...all, ...score.services.map((name) => ({ value: name, label: name }))]}
          onChange={(value) => {
            void navigate({ search: value === '' ? {} : { service: value } });
          }}
        />
      </div>
      <Link
        to="/scorecard/interview"
        className="inline-flex min-h-7 items-center rounded border border-line bg-panel px-2.5 text-xs font-medium text-ink-2 hover:border-line-strong hover:text-ink"
      >
        Interview
      </Link>
      <SaveButton
        path="score/report"
        query={{ service }}
        name={`scorecard-${service ?? 'organisation'}.html`}
      >
        Report to print
      </SaveButton>
    </div>
  );
}

function Card({ score, open }: { score: Score; open: string | null }) {
  return (
    <>
      <p className="text-xs text-ink-3">
        Collected {score.collectedAtMs === null ? 'never' : formatDateTime(score.collectedAtMs)}.
        What a simulated engine produced counts in the third total only.
      </p>
      <TotalsPanel score={score} />
      {score.failures.length === 0 ? null : (
        <Notice tone="warn" title="Some evidence could not be collected">
          <ul className="list-disc ps-4">
            {score.failures.map((one) => (
              <li key={`${one.condition} ${one.service ?? ''}`}>
                {one.condition}: {one.message}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <CategoryList categories={score.categories} open={open} />
      <div className="grid items-start gap-3 lg:grid-cols-2">
        <LatePanel late={score.late} />
        <TrendPanel score={score} />
      </div>
      <RedFlagPanel tests={score.redFlagTest} />
    </>
  );
}
