import { panView, zoomView, type View } from './view.ts';

const ZOOM = 0.7;
const PAN = 0.15;

const MOVES: Readonly<Record<string, (view: View, whole: View) => View>> = {
  w: (view) => zoomView(view, ZOOM, 0.5),
  '+': (view) => zoomView(view, ZOOM, 0.5),
  '=': (view) => zoomView(view, ZOOM, 0.5),
  s: (view) => zoomView(view, 1 / ZOOM, 0.5),
  '-': (view) => zoomView(view, 1 / ZOOM, 0.5),
  a: (view) => panView(view, -PAN),
  ArrowLeft: (view) => panView(view, -PAN),
  d: (view) => panView(view, PAN),
  ArrowRight: (view) => panView(view, PAN),
  Home: (_, whole) => whole,
};

/** Where a key leads from a view; null when it is none of the timeline's. */
export const moveByKey = (view: View, whole: View, key: string): View | null =>
  MOVES[key.length === 1 ? key.toLowerCase() : key]?.(view, whole) ?? null;
