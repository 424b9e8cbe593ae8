import { useSyncExternalStore } from 'react';
import { Button } from '../ui/button.tsx';
import { Panel } from '../ui/panel.tsx';
import { LOOKS } from './category-looks.ts';
import { trackLabel } from './plot-layout.ts';
import type { PlacedEvent } from './plot-scene.ts';
import type { PlotStore } from './plot-store.ts';
import { formatUs } from './time-words.ts';
import type { Category, OpenTrace } from './trace-types.ts';

interface EventPanelProps {
  traces: readonly OpenTrace[];
  categories: readonly Category[];
  store: PlotStore;
  /** Chooses another event and shows it. */
  onOpen: (trace: number, row: number) => void;
}

/** The chosen event: what it is, how long it took, and what launched it or what it launched. */
export function EventPanel({ traces, categories, store, onOpen }: EventPanelProps) {
  const chosen = useSyncExternalStore(store.subscribe, () => store.get().chosen);
  return (
    <Panel id="trace-event" level={2} title="Event">
      {chosen === null ? (
        <p className="text-sm text-ink-2">Choose an event in the timeline, or search for one.</p>
      ) : (
        <div aria-live="polite" data-testid="trace-event" data-value={chosen.name}>
          <p className="text-sm font-medium break-all">{chosen.name}</p>
          <Facts event={chosen} traces={traces} categories={categories} />
          {chosen.linked.map((linked) => (
            <p key={linked.row} data-testid="linked-event" className="mt-2 text-xs break-all">
              {delayWords(chosen, linked)} <strong>{linked.name}</strong>,{' '}
              {formatUs(linked.durationUs)}{' '}
              <Button
                onClick={() => {
                  onOpen(linked.trace, linked.row);
                }}
              >
                Go there
              </Button>
            </p>
          ))}
        </div>
      )}
    </Panel>
  );
}

function Facts({
  event,
  traces,
  categories,
}: Omit<EventPanelProps, 'store' | 'onOpen'> & { event: PlacedEvent }) {
  const trace = traces[event.trace];
  const track = trace?.timeline.tracks[event.track];
  const facts = [
    ['Duration', formatUs(event.durationUs)],
    ['Start', formatUs(event.startUs)],
    ['What', LOOKS[categories[event.category] ?? 'other'].label],
    ['Where', track === undefined ? 'unknown' : trackLabel(track)],
    ['Trace', trace?.label ?? 'unknown'],
  ] as const;
  return (
    <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 text-xs">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd className="break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** From the start of the launch to the start of its work. */
function delayWords(chosen: PlacedEvent, linked: PlacedEvent): string {
  const delay = formatUs(Math.abs(linked.startUs - chosen.startUs));
  return linked.startUs < chosen.startUs
    ? `Launched ${delay} before by`
    : `Launches what starts ${delay} later:`;
}
