import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { answersQuery } from '../api/queries.ts';
import type { Answers, BreakdownBy } from '../api/types.ts';
import { useApp } from '../app-context.ts';
import { formatDateTime, formatMean, formatTime } from '../format.ts';
import { DEFAULT_SINCE } from '../search.ts';
import { Failure } from '../shell/failure.tsx';
import { Loading } from '../ui/notice.tsx';
import { ServiceIndex } from './service-index.tsx';
import { ServiceSection } from './service-section.tsx';

/** The three answers of every service, and how they came about over time. */
export function OverviewPage() {
  const { client } = useApp();
  const search = useSearch({ from: '/' });
  const since = search.since ?? DEFAULT_SINCE;
  const by: BreakdownBy = search.by ?? 'feature';
  const { data, error, dataUpdatedAt } = useQuery(answersQuery(client, { since, by }));
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h1 className="text-lg font-semibold">Services</h1>
        {data === undefined ? null : <WindowLine answers={data} />}
      </div>
      <Failure
        what="the answers"
        error={error}
        shownSinceMs={data === undefined ? null : dataUpdatedAt}
      />
      {data === undefined && error === null ? <Loading what="the answers" /> : null}
      {data === undefined ? null : <Services answers={data} since={since} by={by} />}
    </>
  );
}

interface ServicesProps {
  answers: Answers;
  since: string;
  by: BreakdownBy;
}

function Services({ answers, since, by }: ServicesProps) {
  return (
    <>
      {answers.services.length > 1 ? <ServiceIndex services={answers.services} /> : null}
      {answers.services.map((answer) => (
        <ServiceSection
          key={answer.service}
          answer={answer}
          since={since}
          by={by}
          breakdown={answers.breakdown?.filter((row) => row.service === answer.service) ?? null}
          breakdownBy={answers.breakdownBy}
        />
      ))}
    </>
  );
}

/** Which stretch of time the figures cover, and how exact its percentiles are. */
function WindowLine({ answers }: { answers: Answers }) {
  const { fromMs, toMs, percentileErrorBound } = answers;
  return (
    <p className="text-xs text-ink-3">
      {formatDateTime(fromMs)} to {formatTime(toMs)}; percentiles within{' '}
      {formatMean(percentileErrorBound * 100)}
      {'\u00a0'}%
    </p>
  );
}
