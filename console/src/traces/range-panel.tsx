import { useQuery } from '@tanstack/react-query';
import { useApp } from '../app-context.ts';
import { formatCount, formatShare } from '../format.ts';
import { Failure } from '../shell/failure.tsx';
import { Button } from '../ui/button.tsx';
import { SelectField } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { StackedBar, Swatch } from '../ui/stacked-bar.tsx';
import { colourOf, LOOKS } from './category-looks.ts';
import { trackLabel } from './plot-layout.ts';
import { ownView } from './plot-scene.ts';
import type { PlotStore } from './plot-store.ts';
import { formatUs } from './time-words.ts';
import { rangeQuery } from './trace-queries.ts';
import type { Category, OpenTrace, TraceRange } from './trace-types.ts';
import { useSettled } from './use-settled.ts';
import { clampView, viewAround, type View } from './view.ts';

const SETTLE_MS = 200;
const PANEL_TOP = 6;

interface RangePanelProps {
  traces: readonly OpenTrace[];
  categories: readonly Category[];
  whole: View;
  store: PlotStore;
}

/** Where accelerator time in the chosen range went, or in what is visible when none is chosen. */
export function RangePanel({ traces, categories, whole, store }: RangePanelProps) {
  const { view, range } = useSettled(store, SETTLE_MS);
  return (
    <Panel
      id="trace-range"
      level={2}
      title={range === null ? 'Visible range' : 'Chosen range'}
      aside={
        <>
          <StepField trace={traces[0]} whole={whole} store={store} />
          {range === null ? null : (
            <Button
              onClick={() => {
                store.set({ range: null });
              }}
            >
              Whole view
            </Button>
          )}
        </>
      }
    >
      <div className={`grid gap-4 ${traces.length > 1 ? 'xl:grid-cols-2' : ''}`}>
        {traces.map((trace) => (
          <TraceRangeOf
            key={trace.id}
            trace={trace}
            categories={categories}
            range={range ?? view}
          />
        ))}
      </div>
    </Panel>
  );
}

interface StepFieldProps {
  trace: OpenTrace | undefined;
  whole: View;
  store: PlotStore;
}

function StepField({ trace, whole, store }: StepFieldProps) {
  const steps = trace?.timeline.steps ?? [];
  if (trace === undefined || steps.length < 2) return null;
  return (
    <div className="w-28">
      <SelectField
        label="Step"
        value=""
        options={[
          { value: '', label: 'Choose' },
          ...steps.map(({ name }) => ({ value: name, label: name })),
        ]}
        onChange={(name) => {
          const step = steps.find((one) => one.name === name);
          if (step === undefined) return;
          const fromUs = step.startUs + trace.offsetUs;
          const range = { fromUs, toUs: fromUs + step.durationUs };
          store.set({ range, view: clampView(viewAround(range.fromUs, range.toUs), whole) });
        }}
      />
    </div>
  );
}

interface TraceRangeOfProps {
  trace: OpenTrace;
  categories: readonly Category[];
  range: View;
}

function TraceRangeOf({ trace, categories, range }: TraceRangeOfProps) {
  const { client } = useApp();
  const own = ownView(range, trace);
  const fromUs = Math.max(0, own.fromUs);
  const toUs = Math.min(trace.timeline.spanUs, own.toUs);
  const isBeside = fromUs >= toUs;
  const { data, error } = useQuery({
    ...rangeQuery(client, trace.id, fromUs, toUs),
    enabled: !isBeside,
    placeholderData: (former: TraceRange | undefined) => former,
  });
  return (
    <section aria-label={`Range of ${trace.label}`} className="flex min-w-0 flex-col gap-2">
      <h3 className="text-xs font-semibold break-words">{trace.label}</h3>
      <Failure what="the breakdown" error={error} shownSinceMs={null} />
      {isBeside ? <p className="text-xs text-ink-2">Nothing of this trace in the range.</p> : null}
      {data === undefined || isBeside ? null : (
        <Breakdown data={data} trace={trace} categories={categories} />
      )}
    </section>
  );
}

interface BreakdownProps {
  data: TraceRange;
  trace: OpenTrace;
  categories: readonly Category[];
}

function Breakdown({ data, trace, categories }: BreakdownProps) {
  const parts = partsOf(data);
  const share = (us: number): string => formatShare(us / data.spanUs);
  const covered = [
    ['Communication in all', data.communicationUs],
    ['Copies and fills in all', data.copiesUs],
    ['Idle: the host loads data', data.idleCauses.dataLoadingUs],
    ['Idle: the host is in runtime calls', data.idleCauses.runtimeCallsUs],
    ['Idle: the host runs operators', data.idleCauses.hostOperatorsUs],
    ['Idle: unexplained', data.idleCauses.unexplainedUs],
  ] as const;
  return (
    <>
      <StackedBar
        segments={parts.map(({ key, label, us, colour }) => ({
          key,
          label: `${label}: ${share(us)}`,
          share: us / data.spanUs,
          colour,
        }))}
        label={parts.map(({ label, us }) => `${label} ${share(us)}`).join(', ')}
      />
      <ScrollTable label={`Accelerator time of ${trace.label}`}>
        <thead>
          <tr>
            <HeadCell>Part of {formatUs(data.spanUs)}</HeadCell>
            <HeadCell numeric>Time</HeadCell>
            <HeadCell numeric>Share</HeadCell>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ key, label, us, colour }) => (
            <tr key={key} data-testid={`range-${key}`} data-value={us}>
              <RowHead>
                <Swatch colour={colour} /> {label}
              </RowHead>
              <Cell numeric>{formatUs(us)}</Cell>
              <Cell numeric>{share(us)}</Cell>
            </tr>
          ))}
          {covered.map(([label, us]) => (
            <tr key={label} className="text-ink-2">
              <RowHead className="ps-5 font-normal">{label}</RowHead>
              <Cell numeric>{formatUs(us)}</Cell>
              <Cell numeric>{share(us)}</Cell>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <TopWork data={data} categories={categories} />
      <Tracks data={data} trace={trace} />
    </>
  );
}

/** Parts that sum to the range. */
const partsOf = (data: TraceRange) => [
  { key: 'compute', label: 'Computation', us: data.computeUs, colour: colourOf('compute') },
  {
    key: 'exposed-communication',
    label: 'Exposed communication',
    us: data.exposedCommunicationUs,
    colour: colourOf('communication'),
  },
  {
    key: 'exposed-copies',
    label: 'Exposed copies and fills',
    us: data.exposedCopiesUs,
    colour: colourOf('copies'),
  },
  { key: 'idle', label: 'Idle', us: data.idleUs, colour: 'var(--c-empty)' },
];

function TopWork({ data, categories }: Omit<BreakdownProps, 'trace'>) {
  return (
    <ScrollTable label="Work that takes most of the range">
      <thead>
        <tr>
          <HeadCell>Work</HeadCell>
          <HeadCell numeric>Calls</HeadCell>
          <HeadCell numeric>Time</HeadCell>
        </tr>
      </thead>
      <tbody>
        {data.top.slice(0, PANEL_TOP).map((one) => (
          <tr key={one.name}>
            <RowHead className="break-all">
              <Swatch colour={colourOf(categories[one.category])} />{' '}
              <span className="sr-only">{LOOKS[categories[one.category] ?? 'other'].label}: </span>
              {one.name}
            </RowHead>
            <Cell numeric>{formatCount(one.events)}</Cell>
            <Cell numeric>{formatUs(one.busyUs)}</Cell>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

/** The same figures as the tracks of the canvas, for those who do not see it. */
function Tracks({ data, trace }: Omit<BreakdownProps, 'categories'>) {
  return (
    <ScrollTable label={`Tracks of ${trace.label}`} tall>
      <thead>
        <tr>
          <HeadCell>Track</HeadCell>
          <HeadCell numeric>Events</HeadCell>
          <HeadCell numeric>Busy in the range</HeadCell>
        </tr>
      </thead>
      <tbody>
        {trace.timeline.tracks.map((track, at) => (
          <tr key={`${track.kind} ${track.thread} ${track.stream}`}>
            <RowHead>{trackLabel(track)}</RowHead>
            <Cell numeric>
              {formatCount(track.events)}
              {track.hidden === 0 ? '' : ` (${formatCount(track.hidden)} too deep to draw)`}
            </Cell>
            <Cell numeric>{formatShare((data.tracksUs[at] ?? 0) / data.spanUs)}</Cell>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
