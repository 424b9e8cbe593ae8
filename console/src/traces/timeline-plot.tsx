import {
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
} from 'react';
import { useApp, useTheme } from '../app-context.ts';
import { useWidth } from '../charts/use-width.ts';
import { formatCount, formatShare } from '../format.ts';
import { LOOKS, readColours } from './category-looks.ts';
import type { PointedItem } from './find-item.ts';
import { createSurface, paintPlot, type PlotSurface } from './paint-plot.ts';
import { moveByKey } from './plot-keys.ts';
import { plotLayout } from './plot-layout.ts';
import { AXIS_PX, type PlotScene } from './plot-scene.ts';
import type { PlotStore } from './plot-store.ts';
import { wantTiles } from './plot-tiles.ts';
import { createTileStore, type TileStore } from './tile-store.ts';
import { formatUs } from './time-words.ts';
import type { Category, OpenTrace } from './trace-types.ts';
import { usePlotPointer } from './use-plot-pointer.ts';
import { clampView, type View } from './view.ts';

const MAX_HEIGHT_PX = 560;
const SCROLL_PX = 39;

interface TimelinePlotProps {
  traces: readonly OpenTrace[];
  categories: readonly Category[];
  whole: View;
  store: PlotStore;
  onChoose: (item: PointedItem) => void;
  onFailure: (error: unknown) => void;
}

/** Tracks of the open traces over time, on a canvas of its own. */
export function TimelinePlot(props: TimelinePlotProps) {
  const { traces, categories, whole, store, onChoose, onFailure } = props;
  const { client } = useApp();
  const theme = useTheme();
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(scroller);
  const helpId = useId();
  const [pointed, setPointed] = useState<PointedItem | null>(null);
  const layout = useMemo(() => plotLayout(traces), [traces]);
  const height = Math.min(MAX_HEIGHT_PX, layout.height + AXIS_PX);
  const tiles = useRef<TileStore | null>(null);
  const frame = useRef(0);
  const paint = useRef<() => void>(() => undefined);

  const scene = useCallback(
    (): PlotScene => ({
      traces,
      layout,
      tiles: tiles.current ?? NO_TILES,
      ...store.get(),
      scrollPx: scroller.current?.scrollTop ?? 0,
      width: Math.max(1, width),
      height,
      scale: window.devicePixelRatio,
    }),
    [traces, layout, store, width, height],
  );
  const redraw = useCallback(() => {
    if (frame.current !== 0) return;
    frame.current = requestAnimationFrame(() => {
      frame.current = 0;
      paint.current();
    });
  }, []);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d', { alpha: false }) ?? null;
    if (element === null || context === null || width === 0) return;
    element.width = Math.round(width * window.devicePixelRatio);
    element.height = Math.round(height * window.devicePixelRatio);
    const surface: PlotSurface = createSurface(context);
    const colours = readColours(element, categories);
    paint.current = () => {
      const startMs = performance.now();
      const now = scene();
      wantTiles(now, now.tiles);
      paintPlot(surface, now, colours);
      // For those who measure: how long the last frame took, how many there were, what is missing.
      element.dataset['drawMs'] = (performance.now() - startMs).toFixed(2);
      element.dataset['frames'] = String(Number(element.dataset['frames'] ?? 0) + 1);
      element.dataset['missing'] = String(now.tiles.missing());
    };
    redraw();
  }, [scene, categories, width, height, theme, redraw]);

  useEffect(() => store.subscribe(redraw), [store, redraw]);
  useEffect(() => {
    const own = createTileStore(client, redraw, onFailure);
    tiles.current = own;
    redraw();
    return () => {
      own.close();
      tiles.current = null;
    };
  }, [client, redraw, onFailure]);
  useEffect(
    () => () => {
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    },
    [],
  );

  const pointer = usePlotPointer({
    scene,
    whole,
    scroller,
    onView: (view) => store.set({ view }),
    onRange: (range) => store.set({ range }),
    onPoint: setPointed,
    onChoose: (item) => {
      if (item === null) store.set({ chosen: null });
      else onChoose(item);
    },
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = moveByKey(store.get().view, whole, event.key);
    if (next !== null) store.set({ view: clampView(next, whole) });
    else if (event.key === 'ArrowDown') scroller.current?.scrollBy({ top: SCROLL_PX });
    else if (event.key === 'ArrowUp') scroller.current?.scrollBy({ top: -SCROLL_PX });
    else if (event.key === 'm') store.set({ range: store.get().view });
    else if (event.key === 'Escape') store.set({ range: null, chosen: null });
    else return;
    event.preventDefault();
  };
  return (
    <div className="min-w-0">
      <div
        ref={scroller}
        role="application"
        aria-roledescription="timeline"
        aria-label={`Timeline of ${traces.map((one) => one.label).join(', ')}`}
        aria-describedby={helpId}
        tabIndex={0}
        data-testid="timeline"
        onKeyDown={onKeyDown}
        onScroll={redraw}
        className="relative overflow-x-hidden overflow-y-auto border border-line"
        style={{ height: height + 2 }}
      >
        <div style={{ height: layout.height + AXIS_PX }}>
          <canvas
            ref={canvas}
            data-testid="timeline-canvas"
            {...pointer}
            className="sticky top-0 block cursor-crosshair touch-none"
            style={{ width, height }}
          />
        </div>
      </div>
      <p
        aria-live="polite"
        data-testid="timeline-readout"
        className="mt-1 min-h-[2.125rem] text-xs break-words text-ink-2"
      >
        {pointed === null ? '' : describeItem(pointed, categories)}
      </p>
      <p id={helpId} className="text-2xs text-ink-3">
        Wheel or W and S zoom, drag or A and D move, arrow keys scroll, Home shows all. Drag on the
        time axis, with shift, or press M to choose a range. A click chooses an event; search
        reaches every event by keyboard.
      </p>
    </div>
  );
}

function describeItem(item: PointedItem, categories: readonly Category[]): string {
  const { label } = LOOKS[categories[item.category] ?? 'other'];
  if (item.isEvent) {
    return `${item.name}: ${formatUs(item.durationUs)}, ${label.toLowerCase()}, on ${item.row.label}`;
  }
  const share = formatShare(item.busyShare);
  return `${formatCount(item.count)} short events, ${share} busy, mostly ${label.toLowerCase()}, on ${item.row.label}; zoom in to tell them apart`;
}

const NO_TILES: TileStore = {
  peek: () => null,
  coarser: () => null,
  want: () => undefined,
  missing: () => 0,
  close: () => undefined,
};
