import type { PlotColours } from './category-looks.ts';
import { clearLine, createLine, drawLane, type LaneLine } from './lane-raster.ts';
import { paintMarks } from './paint-marks.ts';
import { rowsWithin, type PlotRow } from './plot-layout.ts';
import { AXIS_PX, ownView, type PlotScene } from './plot-scene.ts';
import { partsOf, type TilePart } from './plot-tiles.ts';

/** Memory of a plot between frames, so that panning makes none. */
export interface PlotSurface {
  context: CanvasRenderingContext2D;
  image: ImageData;
  pixels: Uint32Array;
  line: LaneLine;
}

export function createSurface(context: CanvasRenderingContext2D): PlotSurface {
  const { width, height } = context.canvas;
  const image = context.createImageData(Math.max(1, width), Math.max(1, height));
  return {
    context,
    image,
    pixels: new Uint32Array(image.data.buffer),
    line: createLine(image.width),
  };
}

/**
 * Draws a frame. Lanes are written pixel by pixel into one image, each as one line that is then
 * repeated: the cost is that of the pixels and of the items in view, some thousands a lane at most,
 * and not of the events of the trace. Text, arrows and frames are drawn over it.
 */
export function paintPlot(surface: PlotSurface, scene: PlotScene, colours: PlotColours): void {
  const { context, image, pixels } = surface;
  const parts = scene.traces.map((trace) => partsOf(scene, trace));
  pixels.fill(colours.palette.page);
  const rows = rowsWithin(scene.layout, scene.scrollPx, scene.scrollPx + scene.height - AXIS_PX);
  for (const row of rows) {
    if (row.kind === 'lane') paintLane(surface, scene, row, parts[row.trace] ?? [], colours);
  }
  context.putImageData(image, 0, 0);
  context.setTransform(scene.scale, 0, 0, scene.scale, 0, 0);
  paintMarks(context, scene, rows, parts, colours);
  context.setTransform(1, 0, 0, 1, 0, 0);
}

function paintLane(
  { image, pixels, line }: PlotSurface,
  scene: PlotScene,
  row: PlotRow,
  parts: readonly TilePart[],
  { palette }: PlotColours,
): void {
  const trace = scene.traces[row.trace];
  if (trace === undefined) return;
  clearLine(line, palette.lane);
  const view = ownView(scene.view, trace);
  for (const { tile, clip } of parts) drawLane(line, tile, row.lane, view, palette, clip);
  const top = AXIS_PX + row.top - scene.scrollPx;
  const first = Math.max(Math.round(top * scene.scale), Math.round(AXIS_PX * scene.scale));
  const last = Math.min(Math.round((top + row.height - 1) * scene.scale), image.height);
  for (let y = first; y < last; y++) pixels.set(line.pixels, y * image.width);
}
