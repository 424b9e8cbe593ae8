import { useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useApp } from '../app-context.ts';
import { Failure } from '../shell/failure.tsx';
import { Button } from '../ui/button.tsx';
import { Loading, Notice } from '../ui/notice.tsx';
import { Panel } from '../ui/panel.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Swatch } from '../ui/stacked-bar.tsx';
import { colourOf, LOOKS } from './category-looks.ts';
import { EventPanel } from './event-panel.tsx';
import { EventSearch } from './event-search.tsx';
import type { PointedItem } from './find-item.ts';
import { Minimap } from './minimap.tsx';
import { placeTraces, shareClock, wholeOf, type Align } from './open-traces.ts';
import { moveByKey } from './plot-keys.ts';
import { createPlotStore, type PlotStore } from './plot-store.ts';
import { RangePanel } from './range-panel.tsx';
import { TimelinePlot } from './timeline-plot.tsx';
import { readEvent, traceQuery } from './trace-queries.ts';
import type { Category, OpenTrace, TraceDetail } from './trace-types.ts';
import { clampView, viewAround, type View } from './view.ts';

const ALIGN = [
  { value: 'start' as const, label: 'Starts', title: 'Each trace from its own first event' },
  { value: 'clock' as const, label: 'Clock', title: 'By the clocks of their machines' },
];

/** The timelines of some traces: ranks of a job below each other, on one axis. */
export function TraceWorkspace({ ids }: { ids: readonly string[] }) {
  const { client } = useApp();
  const asked = useQueries({ queries: ids.map((id) => traceQuery(client, id)) });
  const details = asked.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const error = asked.find((one) => one.error !== null)?.error ?? null;
  const isReading = asked.some(({ data }) => data === undefined || data.trace.state === 'reading');
  return (
    <>
      <Failure what="the trace" error={error} shownSinceMs={null} />
      {details
        .filter(({ trace }) => trace.error !== null)
        .map(({ trace }) => (
          <Notice key={trace.id} tone="bad" title={`${trace.name} could not be read`}>
            {trace.error?.message}
          </Notice>
        ))}
      {isReading && error === null ? <Loading what="the trace" /> : null}
      {isReading || details.every(({ timeline }) => timeline === null) ? null : (
        <Opened key={ids.join()} details={details} />
      )}
    </>
  );
}

function Opened({ details }: { details: readonly TraceDetail[] }) {
  const loaded = details.flatMap((detail) =>
    detail.timeline === null ? [] : [{ detail, timeline: detail.timeline }],
  );
  const canAlign = loaded.length > 1 && shareClock(loaded);
  const [align, setAlign] = useState<Align>(canAlign ? 'clock' : 'start');
  const key = loaded.map(({ detail }) => detail.trace.id).join();
  // Replies are never replaced once a trace is read, so its id stands for it.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  const traces = useMemo(() => placeTraces(details, align), [key, align]);
  const whole = useMemo(() => wholeOf(traces), [traces]);
  const store = useMemo(() => createPlotStore(whole), [whole]);
  const categories = details[0]?.categories ?? [];
  const open = useOpenEvent(traces, whole, store);
  return (
    <>
      <Panel
        id="trace-timeline"
        level={2}
        title="Timeline"
        aside={
          <>
            {canAlign ? (
              <Segmented label="Align by" value={align} options={ALIGN} onChange={setAlign} />
            ) : null}
            <MoveButtons whole={whole} store={store} />
          </>
        }
      >
        <Minimap traces={traces} categories={categories} whole={whole} store={store} />
        <TimelinePlot
          traces={traces}
          categories={categories}
          whole={whole}
          store={store}
          onChoose={open.item}
          onFailure={open.fail}
        />
        <Legend categories={categories} />
        <Failure what="a part of the timeline" error={open.error} shownSinceMs={null} />
      </Panel>
      <div className="grid gap-4 lg:grid-cols-2">
        <EventPanel traces={traces} categories={categories} store={store} onOpen={open.row} />
        <EventSearch traces={traces} onOpen={open.row} />
      </div>
      <RangePanel traces={traces} categories={categories} whole={whole} store={store} />
    </>
  );
}

/** Chooses events: where they stand already, or by moving the view to them. */
function useOpenEvent(traces: readonly OpenTrace[], whole: View, store: PlotStore) {
  const { client } = useApp();
  const [error, setError] = useState<Error | null>(null);
  const fail = useCallback((thrown: unknown) => {
    setError(thrown instanceof Error ? thrown : new Error(String(thrown)));
  }, []);
  const choose = async (trace: number, row: number, isMoved: boolean): Promise<void> => {
    const own = traces[trace];
    if (own === undefined) return;
    try {
      const event = await readEvent(client, own.id, row);
      const linked = event.linked.map((one) => ({ ...one, trace }));
      const fromUs = event.startUs + own.offsetUs;
      const view = clampView(viewAround(fromUs, fromUs + event.durationUs), whole);
      store.set({ chosen: { ...event, trace, linked }, ...(isMoved ? { view } : {}) });
      setError(null);
    } catch (thrown) {
      fail(thrown);
    }
  };
  const item = (one: PointedItem): void => {
    if (one.isEvent) {
      void choose(one.row.trace, one.event, false);
      return;
    }
    const fromUs = one.startUs + (traces[one.row.trace]?.offsetUs ?? 0);
    store.set({ view: clampView(viewAround(fromUs, fromUs + one.durationUs), whole) });
  };
  const row = (trace: number, at: number): void => void choose(trace, at, true);
  return { item, row, fail, error };
}

const MOVES = [
  ['Zoom in', '+', '+'],
  ['Zoom out', '-', '\u2212'],
  ['Left', 'a', '\u2190'],
  ['Right', 'd', '\u2192'],
  ['Show all', 'Home', 'All'],
] as const;

/** What the keys do, for a finger. */
function MoveButtons({ whole, store }: { whole: View; store: PlotStore }) {
  return MOVES.map(([label, key, sign]) => (
    <Button
      key={key}
      aria-label={label}
      title={label}
      onClick={() => {
        const next = moveByKey(store.get().view, whole, key);
        if (next !== null) store.set({ view: clampView(next, whole) });
      }}
    >
      {sign}
    </Button>
  ));
}

function Legend({ categories }: { categories: readonly Category[] }) {
  return (
    <p className="flex flex-wrap gap-x-3 gap-y-0.5 text-xs text-ink-2">
      {categories.map((one) => (
        <span key={one} className="inline-flex items-center gap-1.5">
          <Swatch colour={colourOf(one)} /> {LOOKS[one].label}
        </span>
      ))}
    </p>
  );
}
