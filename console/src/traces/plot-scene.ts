import type { PlotLayout } from './plot-layout.ts';
import type { TileStore } from './tile-store.ts';
import type { FoundEvent, OpenTrace } from './trace-types.ts';
import type { View } from './view.ts';

/** Height of the time axis and the steps above the rows, CSS pixels. */
export const AXIS_PX = 36;

/** An event of one of the open traces. */
export interface PlacedEvent extends FoundEvent {
  trace: number;
}

export interface ChosenEvent extends PlacedEvent {
  linked: readonly PlacedEvent[];
}

/** All that a frame is drawn from. */
export interface PlotScene {
  traces: readonly OpenTrace[];
  layout: PlotLayout;
  tiles: TileStore;
  view: View;
  /** How far the rows are scrolled, CSS pixels. */
  scrollPx: number;
  width: number;
  height: number;
  /** Device pixels in a CSS pixel. */
  scale: number;
  chosen: ChosenEvent | null;
  /** Selected range, on the shared axis. */
  range: View | null;
}

/** Microseconds of a trace's own time at a place of the plot. */
export const timeAt = ({ view, width }: PlotScene, x: number): number =>
  view.fromUs + (x / width) * (view.toUs - view.fromUs);

export const placeOf = ({ view, width }: PlotScene, us: number): number =>
  ((us - view.fromUs) / (view.toUs - view.fromUs)) * width;

/** A view of the shared axis in the time of one trace. */
export const ownView = (view: View, { offsetUs }: OpenTrace): View => ({
  fromUs: view.fromUs - offsetUs,
  toUs: view.toUs - offsetUs,
});
