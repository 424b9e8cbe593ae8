import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { GET_KEY, getQuery } from '../api/get.ts';
import { useApp } from '../app-context.ts';
import { formatBytes, formatCount, formatDateTime } from '../format.ts';
import { Failure } from '../shell/failure.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Panel } from '../ui/panel.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { formatUs } from './time-words.ts';
import type { Trace } from './trace-types.ts';

const READING_POLL_MS = 1_000;
/** A trace of a gigabyte over a slow link. */
const UPLOAD_MS = 900_000;

interface TraceListProps {
  open: readonly string[];
  onOpen: (ids: string[]) => void;
}

/** Traces that the instance keeps; several that are ticked open together. */
export function TraceList({ open, onOpen }: TraceListProps) {
  const { client } = useApp();
  const { data, error } = useQuery({
    ...getQuery(client, 'traces', {}),
    refetchInterval: ({ state }) =>
      state.data?.traces.some((one) => one.state === 'reading') === true ? READING_POLL_MS : false,
  });
  const [ticked, setTicked] = useState<readonly string[]>(open);
  const traces = data?.traces ?? [];
  const toggle = (id: string): void => {
    setTicked((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id]));
  };
  const chosen = traces.filter((one) => ticked.includes(one.id) && one.state === 'ready');
  return (
    <Panel
      id="trace-list"
      level={2}
      title="Traces"
      aside={
        <Button
          disabled={chosen.length === 0}
          onClick={() => {
            onOpen(chosen.map((one) => one.id));
          }}
        >
          Open {chosen.length > 1 ? `${chosen.length} together` : 'ticked'}
        </Button>
      }
    >
      <Failure what="the traces" error={error} shownSinceMs={null} />
      <TraceUpload />
      {traces.length === 0 ? (
        <p className="text-sm text-ink-2">
          None yet. Choose files above, or run{' '}
          <code className="font-mono text-xs">tailrace analyze FILE --push</code>
        </p>
      ) : (
        <ScrollTable label="Traces" tall>
          <thead>
            <tr>
              <HeadCell>Trace</HeadCell>
              <HeadCell>Brought</HeadCell>
              <HeadCell numeric>Rank</HeadCell>
              <HeadCell numeric>Events</HeadCell>
              <HeadCell numeric>Length</HeadCell>
              <HeadCell numeric>Kept</HeadCell>
              <HeadCell />
            </tr>
          </thead>
          <tbody>
            {traces.map((trace) => (
              <Row
                key={trace.id}
                trace={trace}
                isTicked={ticked.includes(trace.id)}
                onTick={() => {
                  toggle(trace.id);
                }}
              />
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Panel>
  );
}

interface RowProps {
  trace: Trace;
  isTicked: boolean;
  onTick: () => void;
}

function Row({ trace, isTicked, onTick }: RowProps) {
  return (
    <tr data-testid="trace" data-value={trace.state}>
      <RowHead className="min-w-44">
        <label className="inline-flex items-start gap-2 break-all">
          <input
            type="checkbox"
            checked={isTicked}
            disabled={trace.state !== 'ready'}
            onChange={onTick}
          />
          {trace.name}
        </label>{' '}
        {trace.state === 'reading' ? <Badge tone="accent">being read</Badge> : null}
        {trace.error === null ? null : (
          <span className="block font-normal break-words text-bad">{trace.error.message}</span>
        )}
      </RowHead>
      <Cell className="whitespace-nowrap">{formatDateTime(trace.addedAtMs)}</Cell>
      <Cell numeric>{trace.rank ?? 'unknown'}</Cell>
      <Cell numeric>{formatCount(trace.eventCount)}</Cell>
      <Cell numeric>{trace.spanUs === null ? 'unknown' : formatUs(trace.spanUs)}</Cell>
      <Cell numeric>{formatBytes(trace.storedBytes)}</Cell>
      <Cell>
        <DeleteButton trace={trace} />
      </Cell>
    </tr>
  );
}

function DeleteButton({ trace }: { trace: Trace }) {
  const { client } = useApp();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () =>
      client.send('DELETE', `traces/${trace.id}`, undefined, AbortSignal.timeout(30_000)),
    onSettled: () => queries.invalidateQueries({ queryKey: [GET_KEY, 'traces'] }),
  });
  return (
    <Button
      aria-label={`Delete ${trace.name}`}
      disabled={remove.isPending}
      onClick={() => {
        remove.mutate();
      }}
    >
      Delete
    </Button>
  );
}

/** Sends files as they are, one after the other. */
function TraceUpload() {
  const { client } = useApp();
  const queries = useQueryClient();
  const id = useId();
  const upload = useMutation({
    mutationFn: async (files: readonly File[]) => {
      for (const file of files) {
        const isGzip = file.name.endsWith('.gz');
        const type = isGzip ? 'application/gzip' : 'application/json';
        const signal = AbortSignal.timeout(UPLOAD_MS);
        await client.upload<Trace>(
          'traces',
          { name: file.name },
          file.slice(0, file.size, type),
          signal,
        );
        await queries.invalidateQueries({ queryKey: [GET_KEY, 'traces'] });
      }
    },
  });
  return (
    <p className="flex flex-wrap items-center gap-2 text-xs">
      <label htmlFor={id} className="text-ink-2">
        Bring PyTorch/Kineto traces (.json, .json.gz)
      </label>
      <input
        id={id}
        type="file"
        multiple
        accept=".json,.gz"
        className="max-w-full"
        onChange={(event) => {
          upload.mutate([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <span role="status">{upload.isPending ? 'sending…' : ''}</span>
      {upload.error === null ? null : (
        <span role="alert" className="text-bad">
          {upload.error.message}
        </span>
      )}
    </p>
  );
}
