import { useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { getQuery, type ReplyOf } from '../api/get.ts';
import { useApp } from '../app-context.ts';
import { MatrixMap } from '../charts/matrix-map.tsx';
import { formatChange, formatMs, UNKNOWN } from '../format.ts';
import { Failure } from '../shell/failure.tsx';
import { SelectField } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { excessOf, type JobSteps } from './straggler-excess.ts';

const WHAT = [
  { value: 'work' as const, label: 'Own work', title: 'Every phase but communication' },
  { value: 'comm' as const, label: 'Communication', title: 'With the wait for the slowest' },
];
const SLOWEST = 8;

/** Who straggles: the work of every rank in each of the last steps, against the median of the step. */
export function StragglerPanel() {
  const { client } = useApp();
  const [job, setJob] = useState<string | null>(null);
  const ask = job === null ? {} : { job };
  const { data, error } = useQuery(getQuery(client, 'job-steps', ask));
  if (data?.jobs.length === 0) return null;
  return (
    <Panel
      id="stragglers"
      level={2}
      title="Stragglers: ranks over steps"
      aside={
        <div className="w-40">
          <SelectField
            label="Training job"
            value={data?.job ?? ''}
            options={(data?.jobs ?? []).map((name) => ({ value: name, label: name }))}
            onChange={setJob}
          />
        </div>
      }
    >
      <Failure what="the steps of the job" error={error} shownSinceMs={null} />
      {data === undefined ? null : <Steps data={data} />}
    </Panel>
  );
}

function Steps({ data }: { data: ReplyOf<'job-steps'> }) {
  return (
    <>
      {data.notes.map((note) => (
        <p key={note} className="text-xs text-warn">
          {note}
        </p>
      ))}
      {data.ranks.length === 0 ? (
        <p className="text-sm text-ink-2">
          No step record yet. <code className="font-mono text-xs">deploy/tailrace_steps.py</code>{' '}
          writes them from a training loop.
        </p>
      ) : (
        <>
          <StragglerMap data={data} />
          <Slowest data={data} />
        </>
      )}
    </>
  );
}

function StragglerMap({ data }: { data: JobSteps }) {
  const [what, setWhat] = useState<'work' | 'comm'>('work');
  const { ranks, steps } = data;
  const shade = useCallback(
    (x: number, y: number): number | null => excessOf(data, what, x, y)?.shade ?? null,
    [data, what],
  );
  return (
    <div className="flex flex-col gap-2">
      <div>
        <Segmented label="Figure of the map" value={what} options={WHAT} onChange={setWhat} />
      </div>
      <MatrixMap
        label={`Ranks over steps ${steps[0]} to ${steps.at(-1)}`}
        testId="straggler-map"
        rows={ranks.map((rank) => `rank ${rank}`)}
        columns={steps.length}
        shade={shade}
        describe={(x, y) => {
          const found = excessOf(data, what, x, y);
          const name = `rank ${ranks[y]}, step ${steps[x]}`;
          if (found === null) return `${name}: ${UNKNOWN}`;
          const against =
            found.excess === null ? '' : `, ${formatChange(found.excess)} of the median`;
          return `${name}: ${formatMs(found.ms)}${against}`;
        }}
        axis={
          <div aria-hidden="true" className="flex justify-between pt-1 text-2xs text-ink-3">
            <span>step {steps[0]}</span>
            <span>step {steps.at(-1)}</span>
          </div>
        }
      />
    </div>
  );
}

function Slowest({ data }: { data: JobSteps }) {
  return (
    <ScrollTable label="Slowest ranks">
      <thead>
        <tr>
          <HeadCell>Rank</HeadCell>
          <HeadCell numeric>Own work against the median of the step</HeadCell>
        </tr>
      </thead>
      <tbody>
        {data.slowest.slice(0, SLOWEST).map(({ rank, excessShare }) => (
          <tr key={rank} data-testid="slowest-rank" data-value={rank}>
            <RowHead>rank {rank}</RowHead>
            <Cell numeric>{formatChange(excessShare)}</Cell>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
