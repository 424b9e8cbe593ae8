import type { HeatGrid } from './heat-grid.ts';

type Rgb = readonly [number, number, number];

/** Colours from few to many, `#rrggbb`; cells without requests stay unpainted. */
export type Ramp = readonly string[];

/** The theme's heat colours as the page has them now. */
export function readRamp(element: Element): Ramp {
  const style = getComputedStyle(element);
  return [0, 1, 2, 3].map((step) => style.getPropertyValue(`--heat-${step}`).trim());
}

const parse = (hex: string): Rgb => {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
};

/** Colour at 0..1 of the ramp, linear between its stops. */
export function colourAt(ramp: Ramp, at: number): string {
  const place = Math.min(Math.max(at, 0), 1) * (ramp.length - 1);
  const low = Math.min(Math.floor(place), ramp.length - 2);
  const from = parse(ramp[low] ?? '#000000');
  const to = parse(ramp[low + 1] ?? '#000000');
  const mix = from.map((part, index) =>
    Math.round(part + ((to[index] ?? part) - part) * (place - low)),
  );
  return `rgb(${mix.join(' ')})`;
}

/** Square root, so that the few slow requests of a tail can be told from none at all. */
export const intensity = (count: number, max: number): number => Math.sqrt(count / max);

/** Paints the grid over the whole canvas; O(cells). Gaps between cells vanish when cells are thin. */
export function paintHeat(canvas: HTMLCanvasElement, grid: HeatGrid, ramp: Ramp): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  const cellWidth = width / grid.columns.length;
  const cellHeight = height / grid.rows.length;
  const gap = Math.min(cellWidth, cellHeight) >= 5 ? 1 : 0;
  grid.columns.forEach((column, x) => {
    const left = Math.round(x * cellWidth);
    const right = Math.round((x + 1) * cellWidth);
    column.counts.forEach((count, y) => {
      if (count === 0) return;
      const top = Math.round(height - (y + 1) * cellHeight);
      const bottom = Math.round(height - y * cellHeight);
      context.fillStyle = colourAt(ramp, intensity(count, grid.max));
      context.fillRect(left, top, Math.max(1, right - left - gap), Math.max(1, bottom - top - gap));
    });
  });
}
