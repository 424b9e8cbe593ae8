import { useQuery } from '@tanstack/react-query';
import { getQuery } from '../api/get.ts';
import { useApp } from '../app-context.ts';
import { formatChange, formatDateTime, formatMeasure, formatShare } from '../format.ts';
import { Failure } from '../shell/failure.tsx';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Loading } from '../ui/notice.tsx';
import { Panel } from '../ui/panel.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { FeedCurve } from './feed-curve.tsx';
import { NetworkCurve } from './network-curve.tsx';
import { networkReports, storageReport, type ProbeRun } from './report-shapes.ts';

type Kind = ProbeRun['kind'];
/** Older runs are in the file of the state folder. */
const RUNS = 10;

/** What `tailrace probe` measured of one kind: the newest run drawn, the last ones in a table. */
export function ProbePanel({ kind, command }: { kind: Kind; command: string }) {
  const { client } = useApp();
  const { data, error } = useQuery(getQuery(client, 'probe-results', { kind, limit: RUNS }));
  const [newest] = data?.runs ?? [];
  return (
    <Panel id={`probe-${kind}`} level={2} title={`Probe: ${kind}`}>
      <Failure what={`the ${kind} probe`} error={error} shownSinceMs={null} />
      {data === undefined && error === null ? <Loading what={`the ${kind} probe`} /> : null}
      {data?.runs.length === 0 ? (
        <p className="text-sm text-ink-2">
          Never measured. Run <code className="font-mono text-xs">{command}</code>
        </p>
      ) : null}
      {newest === undefined ? null : <Newest run={newest} />}
      {data === undefined || newest === undefined ? null : <Runs kind={kind} runs={data.runs} />}
    </Panel>
  );
}

function Newest({ run }: { run: ProbeRun }) {
  const storage = storageReport(run);
  return (
    <>
      {storage === null ? null : <FeedCurve report={storage} />}
      {networkReports(run).map((report) => (
        <NetworkCurve key={report.peer} report={report} />
      ))}
    </>
  );
}

function Runs({ kind, runs }: { kind: Kind; runs: readonly ProbeRun[] }) {
  return (
    <ScrollTable label={`Runs of the ${kind} probe`} tall>
      <thead>
        <tr>
          <HeadCell>When</HeadCell>
          <HeadCell>Machine</HeadCell>
          <HeadCell>Figure</HeadCell>
          <HeadCell numeric>p50</HeadCell>
          <HeadCell numeric>p99</HeadCell>
          <HeadCell>Against the last run alike</HeadCell>
        </tr>
      </thead>
      <tbody>
        {runs.flatMap((run) =>
          run.metrics.map(({ metric, unit, p50, p99 }) => (
            <tr key={`${run.atMs} ${metric}`} data-testid="probe-run">
              <RowHead className="whitespace-nowrap">{formatDateTime(run.atMs)}</RowHead>
              <Cell>{run.machine.hostname}</Cell>
              <Cell>{metric}</Cell>
              <Cell numeric>{formatMeasure(p50, unit)}</Cell>
              <Cell numeric>{formatMeasure(p99, unit)}</Cell>
              <Cell>
                <Change run={run} metric={metric} />
              </Cell>
            </tr>
          )),
        )}
      </tbody>
    </ScrollTable>
  );
}

const TONES: Record<ProbeRun['comparisons'][number]['verdict'], Tone> = {
  regression: 'bad',
  improvement: 'good',
  same: 'neutral',
  unknown: 'neutral',
};

function Change({ run, metric }: { run: ProbeRun; metric: string }) {
  const found = run.comparisons.find((one) => one.metric === metric);
  if (found === undefined) return <span className="text-ink-3">first run</span>;
  const { verdict, changeShare, confidence } = found;
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <Badge tone={TONES[verdict]}>{verdict}</Badge>
      {formatChange(changeShare)}
      {confidence === null ? '' : `, ${formatShare(confidence)} sure`}
    </span>
  );
}
