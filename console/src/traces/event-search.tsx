import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { useApp } from '../app-context.ts';
import { formatCount } from '../format.ts';
import { Failure } from '../shell/failure.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { formatUs } from './time-words.ts';
import { findQuery } from './trace-queries.ts';
import type { FoundEvent, OpenTrace, TraceFound } from './trace-types.ts';

/** Results listed at once; a narrower text finds the rest. */
const LISTED = 50;

interface EventSearchProps {
  traces: readonly OpenTrace[];
  onOpen: (trace: number, row: number) => void;
}

/** Events by name, each a step away: the timeline moves to the one that is opened. */
export function EventSearch({ traces, onOpen }: EventSearchProps) {
  const { client } = useApp();
  const [text, setText] = useState('');
  const found = useQueries({ queries: traces.map(({ id }) => findQuery(client, id, text)) });
  const [at, setAt] = useState(-1);
  const events = found.flatMap(({ data }, trace) =>
    (data?.events ?? []).map((event) => ({ trace, event })),
  );
  const step = (by: number): void => {
    const next = (at + by + events.length) % events.length;
    const one = events[next];
    if (one === undefined) return;
    setAt(next);
    onOpen(one.trace, one.event.row);
  };
  return (
    <Panel id="trace-search" level={2} title="Search">
      <div className="flex flex-wrap items-end gap-2">
        <div className="min-w-40 flex-1">
          <TextField
            label="Name has"
            value={text}
            placeholder="gemm, nccl, aten::linear"
            onCommit={(next) => {
              setText(next);
              setAt(-1);
            }}
          />
        </div>
        <Button
          disabled={events.length === 0}
          onClick={() => {
            step(-1);
          }}
        >
          Previous
        </Button>
        <Button
          disabled={events.length === 0}
          onClick={() => {
            step(1);
          }}
        >
          Next
        </Button>
      </div>
      {found.map(({ data, error }, trace) =>
        text === '' ? null : (
          <div key={traces[trace]?.id}>
            <Failure what="the search" error={error} shownSinceMs={null} />
            {data === undefined ? null : <Found data={data} label={traces[trace]?.label ?? ''} />}
          </div>
        ),
      )}
      {events.length === 0 ? null : (
        <ol tabIndex={0} aria-label="Events found" className="max-h-56 overflow-y-auto text-xs">
          {events.slice(0, LISTED).map(({ trace, event }, place) => (
            <li key={`${trace} ${event.row}`}>
              <FoundButton
                event={event}
                isOpen={place === at}
                onOpen={() => {
                  setAt(place);
                  onOpen(trace, event.row);
                }}
              />
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Found({ data, label }: { data: TraceFound; label: string }) {
  return (
    <p role="status" data-testid="found" data-value={data.total} className="text-xs text-ink-2">
      {label}: {formatCount(data.total)} events, {formatUs(data.totalUs)} in all
      {data.total > data.events.length ? `; the first ${data.events.length} can be gone to` : ''}
    </p>
  );
}

interface FoundButtonProps {
  event: FoundEvent;
  isOpen: boolean;
  onOpen: () => void;
}

const FoundButton = ({ event, isOpen, onOpen }: FoundButtonProps) => (
  <button
    type="button"
    aria-pressed={isOpen}
    data-testid="found-event"
    onClick={onOpen}
    className={`flex w-full gap-2 rounded px-1.5 py-0.5 text-start hover:bg-sunken ${isOpen ? 'bg-accent-soft' : ''}`}
  >
    <span className="w-20 shrink-0 text-end text-ink-3">{formatUs(event.startUs)}</span>
    <span className="min-w-0 flex-1 truncate">{event.name}</span>
    <span className="shrink-0">{formatUs(event.durationUs)}</span>
  </button>
);
