import { useQuery } from '@tanstack/react-query';
import { getQuery } from '../api/get.ts';
import { useApp } from '../app-context.ts';
import { TimeAxis } from '../charts/time-axis.tsx';
import { formatShare } from '../format.ts';
import { subjectKey, subjectName, type Resources } from '../resources/device-rows.ts';
import { stepOf } from '../resources/step-of.ts';
import { Failure } from '../shell/failure.tsx';
import { Loading } from '../ui/notice.tsx';
import { Panel } from '../ui/panel.tsx';
import { occupancyOf, type Occupancy } from './occupancy.ts';

const MAX_ROWS = 64;
const COLOURS = ['--c-blue', '--c-teal', '--c-violet', '--c-amber', '--c-sky', '--c-green'];

/** Who held which accelerator when, and how much of the time nobody did. */
export function OccupancyPanel({ since }: { since: string }) {
  const { client } = useApp();
  const ask = {
    since,
    kind: 'accelerator' as const,
    metrics: 'smActiveShare,kernelShare',
    stepMs: stepOf(since),
  };
  const { data, error } = useQuery(getQuery(client, 'resources', ask));
  return (
    <Panel id="occupancy" level={2} title="Cluster occupancy: who holds the accelerators">
      <Failure what="the occupancy" error={error} shownSinceMs={null} />
      {data === undefined && error === null ? <Loading what="the occupancy" /> : null}
      {data === undefined ? null : <Strips resources={data} />}
    </Panel>
  );
}

function Strips({ resources }: { resources: Resources }) {
  const rows = occupancyOf(resources);
  if (rows.length === 0) {
    return (
      <p className="text-sm text-ink-2">
        No accelerator was read in this window. An exporter in Kubernetes names the pod that holds
        each device; <code className="font-mono text-xs">tailrace cluster check</code> looks at
        requests and quotas.
      </p>
    );
  }
  const { fromMs, toMs } = resources.window;
  const heldShare = rows.reduce((sum, row) => sum + row.heldShare, 0) / rows.length;
  const holders = [...new Set(rows.flatMap((row) => row.held.map((one) => one.holder)))];
  const colourOf = (holder: string): string =>
    `var(${COLOURS[holders.indexOf(holder) % COLOURS.length] ?? '--c-slate'})`;
  return (
    <>
      <p className="text-sm">
        <strong data-testid="held-share" data-value={heldShare}>
          {formatShare(heldShare)}
        </strong>{' '}
        of {rows.length} accelerators&rsquo; time was held by a workload that the exporter could
        name.
      </p>
      <div className="grid grid-cols-[minmax(3rem,8rem)_minmax(0,1fr)_auto] items-center gap-x-2 gap-y-0.5 text-2xs">
        {rows.slice(0, MAX_ROWS).map((row) => (
          <Strip key={subjectKey(row.subject)} row={row} colourOf={colourOf} span={toMs - fromMs} />
        ))}
        <span />
        <TimeAxis fromMs={fromMs} toMs={toMs} labels={4} />
        <span />
      </div>
      {rows.length > MAX_ROWS ? (
        <p className="text-xs text-ink-3">
          The {MAX_ROWS} least held of {rows.length}.
        </p>
      ) : null}
    </>
  );
}

interface StripProps {
  row: Occupancy;
  colourOf: (holder: string) => string;
  span: number;
}

function Strip({ row, colourOf, span }: StripProps) {
  const name = subjectName(row.subject);
  const holders = [...new Set(row.held.map((one) => one.holder))].join(', ');
  return (
    <>
      <span className="truncate text-ink-2" title={name}>
        {name}
      </span>
      <div
        role="img"
        aria-label={`${name}: held ${formatShare(row.heldShare)}${holders === '' ? '' : ` by ${holders}`}`}
        data-testid="occupancy-strip"
        className="relative h-3.5 overflow-hidden rounded-sm bg-sunken"
      >
        {row.held.map((one) => (
          <span
            key={`${one.holder} ${one.offsetMs}`}
            title={one.holder}
            className="absolute inset-y-0"
            style={{
              left: `${(one.offsetMs / span) * 100}%`,
              width: `max(1px, ${(one.lengthMs / span) * 100}%)`,
              background: colourOf(one.holder),
            }}
          />
        ))}
      </div>
      <span className="text-end text-ink-2">{formatShare(row.heldShare)}</span>
    </>
  );
}
