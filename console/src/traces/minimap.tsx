import { useEffect, useRef, type PointerEvent } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useApp, useTheme } from '../app-context.ts';
import { useWidth } from '../charts/use-width.ts';
import { readColours } from './category-looks.ts';
import { decodeTile } from './decode-tile.ts';
import { clearLine, createLine, drawLane } from './lane-raster.ts';
import { ownView } from './plot-scene.ts';
import type { PlotStore } from './plot-store.ts';
import type { Category, OpenTrace } from './trace-types.ts';
import { clampView, spanOf, type View } from './view.ts';

const STRIP_PX = 8;

interface MinimapProps {
  traces: readonly OpenTrace[];
  categories: readonly Category[];
  whole: View;
  store: PlotStore;
}

/** The accelerators of all open traces over all their time, and which part of it is shown. */
export function Minimap({ traces, categories, whole, store }: MinimapProps) {
  const box = useRef<HTMLDivElement>(null);
  const shown = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  useEffect(() => {
    const follow = (): void => {
      const element = shown.current;
      if (element === null) return;
      const { view } = store.get();
      const place = (us: number): number =>
        Math.min(100, Math.max(0, (100 * (us - whole.fromUs)) / spanOf(whole)));
      element.style.left = `${place(view.fromUs)}%`;
      element.style.width = `max(3px, ${place(view.toUs) - place(view.fromUs)}%)`;
    };
    follow();
    return store.subscribe(follow);
  }, [store, whole]);
  const centre = (event: PointerEvent<HTMLElement>): void => {
    const { left, width: wide } = event.currentTarget.getBoundingClientRect();
    const at = whole.fromUs + ((event.clientX - left) / wide) * spanOf(whole);
    const half = spanOf(store.get().view) / 2;
    store.set({ view: clampView({ fromUs: at - half, toUs: at + half }, whole) });
  };
  return (
    // The keys of the timeline do the same.
    <div
      ref={box}
      aria-hidden="true"
      data-testid="timeline-minimap"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        centre(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) centre(event);
      }}
      className="relative cursor-pointer touch-none overflow-hidden border border-line bg-sunken"
    >
      {traces.map((trace) => (
        <Strip key={trace.id} trace={trace} categories={categories} whole={whole} width={width} />
      ))}
      <div ref={shown} className="pointer-events-none absolute inset-y-0 border-2 border-ink" />
    </div>
  );
}

interface StripProps {
  trace: OpenTrace;
  categories: readonly Category[];
  whole: View;
  width: number;
}

function Strip({ trace, categories, whole, width }: StripProps) {
  const { client } = useApp();
  const theme = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { data } = useQuery({
    queryKey: ['trace-whole', trace.id],
    queryFn: async ({ signal }) => {
      const query = { level: 0, tile: 0 };
      const blob = await client.file(`traces/${trace.id}/timeline`, query, signal);
      return decodeTile(await blob.arrayBuffer());
    },
    staleTime: Infinity,
  });
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d') ?? null;
    if (element === null || context === null || data === undefined || width === 0) return;
    element.width = width;
    element.height = 1;
    const line = createLine(width);
    const { palette } = readColours(element, categories);
    clearLine(line, palette.lane);
    const { tracks, lanes } = trace.timeline;
    lanes.forEach(({ track }, lane) => {
      if (tracks[track]?.kind === 'device')
        drawLane(line, data, lane, ownView(whole, trace), palette);
    });
    const image = context.createImageData(width, 1);
    new Uint32Array(image.data.buffer).set(line.pixels);
    context.putImageData(image, 0, 0);
  }, [data, width, theme, categories, trace, whole]);
  return <canvas ref={canvas} className="block w-full" style={{ height: STRIP_PX }} />;
}
