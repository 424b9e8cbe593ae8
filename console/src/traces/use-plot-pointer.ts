import { useEffect, useRef, type PointerEvent, type RefObject } from 'react';
import { findItem, type PointedItem } from './find-item.ts';
import { AXIS_PX, timeAt, type PlotScene } from './plot-scene.ts';
import { clampView, panView, zoomView, type View } from './view.ts';

/** Shorter movements are a click. */
const CLICK_PX = 4;
const WHEEL_ZOOM = 0.0015;

interface PlotPointer {
  scene: () => PlotScene;
  whole: View;
  scroller: RefObject<HTMLDivElement | null>;
  onView: (view: View) => void;
  onRange: (range: View | null) => void;
  onPoint: (item: PointedItem | null) => void;
  onChoose: (item: PointedItem | null) => void;
}

interface Drag {
  kind: 'pan' | 'range';
  x: number;
  y: number;
  view: View;
  scrollTop: number;
  hasMoved: boolean;
}

/**
 * Drag pans, shift and drag or a drag on the time axis selects a range, a click chooses, the wheel
 * zooms around the pointer, and with shift or sideways it pans.
 */
export function usePlotPointer(plot: PlotPointer) {
  const drag = useRef<Drag | null>(null);
  const now = useRef(plot);
  now.current = plot;

  useEffect(() => {
    const element = plot.scroller.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const { scene, whole, onView } = now.current;
      const { view, width } = scene();
      const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      const box = element.getBoundingClientRect();
      const next = sideways
        ? panView(view, (event.deltaX + (event.shiftKey ? event.deltaY : 0)) / width)
        : zoomView(view, Math.exp(event.deltaY * WHEEL_ZOOM), (event.clientX - box.left) / width);
      onView(clampView(next, whole));
    };
    // React's own wheel listener is passive and could not keep the page from scrolling.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      element.removeEventListener('wheel', onWheel);
    };
  }, [plot.scroller]);

  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return;
      const { x, y } = placeIn(event);
      const { view } = plot.scene();
      const kind = event.shiftKey || y < AXIS_PX ? 'range' : 'pan';
      const scrollTop = plot.scroller.current?.scrollTop ?? 0;
      drag.current = { kind, x, y, view, scrollTop, hasMoved: false };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const { x, y } = placeIn(event);
      const held = drag.current;
      if (held === null) {
        plot.onPoint(findItem(plot.scene(), x, y));
        return;
      }
      held.hasMoved ||= Math.hypot(x - held.x, y - held.y) >= CLICK_PX;
      if (!held.hasMoved) return;
      const scene = plot.scene();
      if (held.kind === 'range') {
        const [a, b] = [timeAt(scene, held.x), timeAt(scene, x)];
        plot.onRange({ fromUs: Math.min(a, b), toUs: Math.max(a, b) });
        return;
      }
      plot.onView(clampView(panView(held.view, (held.x - x) / scene.width), plot.whole));
      plot.scroller.current?.scrollTo({ top: held.scrollTop + held.y - y });
    },
    onPointerUp(event: PointerEvent<HTMLElement>) {
      const held = drag.current;
      drag.current = null;
      if (held === null || held.hasMoved) return;
      const { x, y } = placeIn(event);
      if (held.kind === 'range') plot.onRange(null);
      else plot.onChoose(findItem(plot.scene(), x, y));
    },
    onPointerCancel() {
      drag.current = null;
    },
    onPointerLeave() {
      if (drag.current === null) plot.onPoint(null);
    },
  };
}

function placeIn(event: PointerEvent<HTMLElement>): { x: number; y: number } {
  const box = event.currentTarget.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}
