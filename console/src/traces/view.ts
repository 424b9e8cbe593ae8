/** The part of the time axis that is shown, microseconds. */
export interface View {
  fromUs: number;
  toUs: number;
}

/** Nothing that profilers write is shorter than a nanosecond; a view of ten shows it. */
const MIN_SPAN_US = 0.01;
/** How far the view may go past the ends, in shares of itself. */
const MARGIN = 0.1;

export const spanOf = ({ fromUs, toUs }: View): number => toUs - fromUs;

/** Keeps a view within the whole; one that is too large becomes the whole. */
export function clampView(view: View, whole: View): View {
  const span = Math.min(Math.max(spanOf(view), MIN_SPAN_US), spanOf(whole) * (1 + 2 * MARGIN));
  const least = whole.fromUs - MARGIN * span;
  const most = whole.toUs + MARGIN * span - span;
  const fromUs = Math.min(Math.max(view.fromUs, least), Math.max(least, most));
  return { fromUs, toUs: fromUs + span };
}

/** Makes the view `factor` times as long around a place of it, 0 its start and 1 its end. */
export function zoomView(view: View, factor: number, at: number): View {
  const span = spanOf(view) * factor;
  const fromUs = view.fromUs + at * (spanOf(view) - span);
  return { fromUs, toUs: fromUs + span };
}

/** Moves the view by shares of itself. */
export function panView(view: View, share: number): View {
  const by = share * spanOf(view);
  return { fromUs: view.fromUs + by, toUs: view.toUs + by };
}

/** A view around a range with air on both sides. */
export function viewAround(fromUs: number, toUs: number): View {
  const air = Math.max(toUs - fromUs, MIN_SPAN_US) * 2;
  return { fromUs: fromUs - air, toUs: toUs + air };
}

/** As the server cuts: the power of two of microseconds that holds the span. */
export const extentUs = (spanUs: number): number =>
  spanUs <= 1 ? 1 : 2 ** Math.ceil(Math.log2(spanUs));

export const TILE_BINS = 512;
const MAX_LEVEL = 40;

/** The coarsest level whose bins are no wider than a pixel. */
export function levelFor(spanUs: number, usPerPx: number): number {
  const level = Math.ceil(Math.log2(extentUs(spanUs) / TILE_BINS / usPerPx));
  return Math.min(Math.max(level, 0), MAX_LEVEL);
}

/** Tiles of a level that a view touches, of a trace that takes `spanUs`; empty beside it. */
export function tilesOf(
  view: View,
  spanUs: number,
  level: number,
): { first: number; last: number } {
  const tileUs = extentUs(spanUs) / 2 ** level;
  const end = Math.max(0, Math.ceil(spanUs / tileUs) - 1);
  return {
    first: Math.max(0, Math.floor(view.fromUs / tileUs)),
    last: Math.min(end, Math.floor(view.toUs / tileUs)),
  };
}
