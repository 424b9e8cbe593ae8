import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Suspense, lazy, useRef, useState } from 'react';
import { seriesQuery } from '../api/queries.ts';
import type { Metric, Series, ServiceAnswer } from '../api/types.ts';
import { useApp } from '../app-context.ts';
import { Heatmap, type HeatChoice } from '../charts/heatmap.tsx';
import { formatMs } from '../format.ts';
import { Failure } from '../shell/failure.tsx';
import { SimulatedBadge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Loading } from '../ui/notice.tsx';
import { Panel, PanelHeading } from '../ui/panel.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { METRICS, METRIC_OPTIONS } from '../words.ts';
import { SeriesTable } from './series-table.tsx';
import { useSeen } from './use-seen.ts';
import { sectionTitleId } from './section-id.ts';

/** The chart library is needed only here and only after the answers. */
const PercentileLines = lazy(async () => ({
  default: (await import('../charts/percentile-lines.tsx')).PercentileLines,
}));

interface TimePanelProps {
  id: string;
  answer: ServiceAnswer;
  since: string;
}

/** How latency came about over time: heatmap, percentile lines against target, or the table. */
export function TimePanel({ id, answer, since }: TimePanelProps) {
  const { client } = useApp();
  const search = useSearch({ from: '/' });
  const navigate = useNavigate({ from: '/' });
  const metric: Metric = search.metric ?? 'e2e';
  const [asTable, setAsTable] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const seen = useSeen(box);
  const ask = { service: answer.service, since, metric };
  const { data, error, dataUpdatedAt } = useQuery({ ...seriesQuery(client, ask), enabled: seen });
  return (
    <div ref={box}>
      <Panel
        id={id}
        of={sectionTitleId(answer.service)}
        title="Latency over time"
        aside={
          <>
            <SimulatedBadge simulated={answer.simulated} />
            <Segmented
              label={`Metric over time of ${answer.service}`}
              value={metric}
              options={METRIC_OPTIONS}
              onChange={(next) => {
                void navigate({ search: (now) => ({ ...now, metric: next }), resetScroll: false });
              }}
            />
            <Button
              aria-pressed={asTable}
              onClick={() => {
                setAsTable(!asTable);
              }}
            >
              Table
            </Button>
          </>
        }
      >
        <Failure
          what="the series"
          error={error}
          shownSinceMs={data === undefined ? null : dataUpdatedAt}
        />
        {data === undefined ? (
          error === null && <Loading what="the series" />
        ) : asTable ? (
          <SeriesTable series={data} label={`Latency over time of ${answer.service}`} />
        ) : (
          <Charts series={data} answer={answer} />
        )}
      </Panel>
    </div>
  );
}

/** Fewer values than this cannot carry a p99 (docs/answers.md). */
const ENOUGH_FOR_P99 = 300;

function Charts({ series, answer }: { series: Series; answer: ServiceAnswer }) {
  const navigate = useNavigate();
  const { metric, steps, stepMs } = series;
  const targets = targetsOf(answer, metric);
  if (steps.every((step) => step[metric].count === 0)) {
    return <p className="text-xs text-ink-3">No {METRICS[metric].short} value in this window.</p>;
  }
  const name = `${METRICS[metric].long} of ${answer.service}`;
  const open = ({ fromMs, toMs, lowerMs }: HeatChoice): void => {
    void navigate({
      to: '/requests',
      search: {
        service: answer.service,
        fromMs,
        toMs,
        // The list can be cut by E2E only; for the others it is sorted, slowest first.
        ...(metric === 'e2e' && lowerMs > 0 ? { minE2eMs: lowerMs } : {}),
        sort: metric === 'ttft' ? 'ttft' : 'e2e',
      },
    });
  };
  const thin = steps.some((step) => step[metric].count > 0 && step[metric].count < ENOUGH_FOR_P99);
  return (
    <div className="grid gap-x-6 gap-y-4 lg:grid-cols-2">
      <div className="min-w-0">
        <PanelHeading aside={`one column is ${formatMs(stepMs)}`}>Heatmap</PanelHeading>
        <Heatmap
          label={`Heatmap: ${name}`}
          steps={steps}
          stepMs={stepMs}
          targets={targets}
          onOpen={open}
        />
      </div>
      <div className="min-w-0">
        <PanelHeading>p50, p95, p99 per step</PanelHeading>
        <Suspense fallback={<Loading what="the chart" />}>
          <PercentileLines
            label={`p50, p95 and p99 over time: ${name}; the figures are in the table`}
            steps={steps}
            stepMs={stepMs}
            metric={metric}
            targets={targets}
          />
        </Suspense>
        {thin ? (
          <p className="mt-1 text-xs text-ink-3">
            Some steps hold fewer than {ENOUGH_FOR_P99} values: too few to carry their p99.
          </p>
        ) : null}
      </div>
    </div>
  );
}

function targetsOf(answer: ServiceAnswer, metric: Metric): Array<{ label: string; ms: number }> {
  const latency = answer.latency.find((one) => one.metric === metric);
  const all = [
    { label: 'p95 target', ms: latency?.targetP95Ms ?? null },
    { label: 'p99 target', ms: latency?.targetP99Ms ?? null },
  ];
  return all.flatMap(({ label, ms }) => (ms === null ? [] : [{ label, ms }]));
}
