import type { Tile } from './decode-tile.ts';
import type { View } from './view.ts';

/** Colours as the pixels of an ImageData hold them: 0xAABBGGRR on a little-endian machine. */
export interface Palette {
  page: number;
  lane: number;
  /** By category number. */
  categories: readonly number[];
}

/** The faintest that time in a bin is drawn, so that a single short event is still seen. */
const FAINTEST = 0.35;
/** From this width on an event has a darker first pixel, which tells neighbours apart. */
const EDGE_FROM_PX = 3;

/** Mixes two colours, 0 the first and 1 the second, opaque. */
export function mixColours(from: number, to: number, share: number): number {
  const part = (shift: number): number => {
    const a = (from >> shift) & 255;
    return (Math.round(a + (((to >> shift) & 255) - a) * share) & 255) << shift;
  };
  return (0xff000000 | part(16) | part(8) | part(0)) >>> 0;
}

/** One line of pixels of a lane, and how much of each the time that was drawn last fills. */
export interface LaneLine {
  pixels: Uint32Array;
  filled: Float32Array;
}

export const createLine = (width: number): LaneLine => ({
  pixels: new Uint32Array(width),
  filled: new Float32Array(width),
});

export function clearLine({ pixels, filled }: LaneLine, colour: number): void {
  pixels.fill(colour);
  filled.fill(0);
}

/**
 * Draws the items of one lane of a tile into a line of pixels that stands for `view` (in the time of
 * the trace). Where several share a pixel the fullest wins. `clip` bounds what of a coarser tile is
 * drawn in place of one that is not there yet. O(items + pixels).
 */
export function drawLane(
  line: LaneLine,
  tile: Tile,
  lane: number,
  view: View,
  palette: Palette,
  clip: View = tile,
): void {
  const place = tile.lanes.get(lane);
  if (place === undefined) return;
  const width = line.pixels.length;
  const pxPerUs = width / (view.toUs - view.fromUs);
  const low = Math.max(clip.fromUs, view.fromUs);
  const high = Math.min(clip.toUs, view.toUs);
  for (let i = place.from; i < place.to; i++) {
    const start = tile.startUs[i] ?? 0;
    const duration = tile.durationUs[i] ?? 0;
    if (start >= high) break;
    if (start + duration <= low) continue;
    const from = (Math.max(start, low) - view.fromUs) * pxPerUs;
    const to = (Math.min(start + duration, high) - view.fromUs) * pxPerUs;
    const colour = palette.categories[tile.category[i] ?? 0] ?? palette.lane;
    if (tile.single[i] === 1) {
      drawEvent(line, from, to, colour, { palette, isStart: start >= low });
    } else {
      const share = duration > 0 ? Math.min(1, (tile.busyUs[i] ?? 0) / duration) : 1;
      drawBin(line, from, to, share, mixColours(palette.lane, colour, shade(share)));
    }
  }
}

const shade = (share: number): number => FAINTEST + (1 - FAINTEST) * Math.sqrt(share);

function drawEvent(
  { pixels, filled }: LaneLine,
  from: number,
  to: number,
  colour: number,
  { palette, isStart }: { palette: Palette; isStart: boolean },
): void {
  const first = Math.floor(from);
  const last = Math.min(pixels.length, Math.max(first + 1, Math.round(to)));
  pixels.fill(colour, first, last);
  filled.fill(1, first, last);
  if (isStart && last - first >= EDGE_FROM_PX)
    pixels[first] = mixColours(colour, palette.page, 0.45);
}

function drawBin(
  { pixels, filled }: LaneLine,
  from: number,
  to: number,
  share: number,
  colour: number,
): void {
  const first = Math.floor(from);
  const last = Math.min(pixels.length, Math.max(first + 1, Math.round(to)));
  for (let x = first; x < last; x++) {
    if ((filled[x] ?? 1) > share) continue;
    pixels[x] = colour;
    filled[x] = share;
  }
}

/** The item of a lane at a time, or the nearest within `reachUs`; null when there is none. */
export function itemAt(tile: Tile, lane: number, atUs: number, reachUs: number): number | null {
  const place = tile.lanes.get(lane);
  if (place === undefined) return null;
  let best: number | null = null;
  let bestUs = reachUs;
  for (let i = place.from; i < place.to; i++) {
    const start = tile.startUs[i] ?? 0;
    const end = start + (tile.durationUs[i] ?? 0);
    const away = Math.max(start - atUs, atUs - end, 0);
    if (away <= bestUs) {
      best = i;
      bestUs = away;
    }
    if (start > atUs + reachUs) break;
  }
  return best;
}
