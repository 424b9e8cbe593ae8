import { linearScale } from '../charts/scale.ts';
import type { PlotColours } from './category-looks.ts';
import { LANE_PX, rowOf, type PlotRow } from './plot-layout.ts';
import { AXIS_PX, placeOf, type PlacedEvent, type PlotScene } from './plot-scene.ts';
import type { TilePart } from './plot-tiles.ts';
import { formatPlace } from './time-words.ts';
import { spanOf } from './view.ts';

const TEXT = '11px ui-sans-serif, system-ui, sans-serif';
/** Narrower events carry no words. */
const LABEL_FROM_PX = 42;
/** Width of a character of the labels, about: measuring each text would cost more than drawing it. */
const CHAR_PX = 6.1;
const TICK_EVERY_PX = 110;
/** Labels of one frame at most. */
const MAX_LABELS = 1_500;

type Context = CanvasRenderingContext2D;

/** Text and lines over the lanes. */
export function paintMarks(
  context: Context,
  scene: PlotScene,
  rows: readonly PlotRow[],
  parts: ReadonlyArray<readonly TilePart[]>,
  colours: PlotColours,
): void {
  context.font = TEXT;
  context.textBaseline = 'middle';
  paintHeadings(context, scene, rows, colours);
  paintLabels(context, scene, rows, parts, colours);
  paintRange(context, scene, colours);
  paintChosen(context, scene, colours);
  paintAxis(context, scene, colours);
}

const topOf = (scene: PlotScene, row: PlotRow): number => AXIS_PX + row.top - scene.scrollPx;

function paintHeadings(
  context: Context,
  scene: PlotScene,
  rows: readonly PlotRow[],
  colours: PlotColours,
): void {
  for (const row of rows) {
    if (row.kind === 'lane') continue;
    const top = topOf(scene, row);
    context.fillStyle = row.kind === 'trace' ? colours.ink : colours.ink3;
    context.font = row.kind === 'trace' ? `600 ${TEXT}` : TEXT;
    context.fillText(row.label, 4, top + row.height / 2 + 1, scene.width - 8);
    if (row.kind !== 'trace') continue;
    context.fillStyle = colours.line;
    context.fillRect(0, top, scene.width, 1);
  }
  context.font = TEXT;
}

function paintLabels(
  context: Context,
  scene: PlotScene,
  rows: readonly PlotRow[],
  parts: ReadonlyArray<readonly TilePart[]>,
  colours: PlotColours,
): void {
  const usFrom = (LABEL_FROM_PX / scene.width) * spanOf(scene.view);
  let left = MAX_LABELS;
  for (const row of rows) {
    const trace = scene.traces[row.trace];
    if (row.kind !== 'lane' || trace === undefined) continue;
    const middle = topOf(scene, row) + LANE_PX / 2;
    // An event that lies in several tiles is written once.
    let lastRow = -1;
    for (const { tile } of parts[row.trace] ?? []) {
      const place = tile.lanes.get(row.lane);
      for (let i = place?.from ?? 0; i < (place?.to ?? 0) && left > 0; i++) {
        const durationUs = tile.durationUs[i] ?? 0;
        const own = tile.row[i] ?? -1;
        if (durationUs < usFrom || tile.single[i] !== 1 || own <= lastRow) continue;
        lastRow = own;
        const start = (tile.startUs[i] ?? 0) + trace.offsetUs;
        const x0 = Math.max(0, placeOf(scene, start));
        const x1 = Math.min(scene.width, placeOf(scene, start + durationUs));
        const chars = Math.floor((x1 - x0 - 6) / CHAR_PX);
        const name = trace.timeline.names[tile.name[i] ?? -1] ?? '';
        if (chars < 4) continue;
        left -= 1;
        context.fillStyle = colours.onEvent;
        context.fillText(
          name.length > chars ? `${name.slice(0, chars - 1)}…` : name,
          x0 + 4,
          middle,
        );
      }
    }
  }
}

function paintRange(context: Context, scene: PlotScene, colours: PlotColours): void {
  if (scene.range === null) return;
  const from = placeOf(scene, scene.range.fromUs);
  const to = placeOf(scene, scene.range.toUs);
  context.globalAlpha = 0.14;
  context.fillStyle = colours.accent;
  context.fillRect(from, 0, Math.max(1, to - from), scene.height);
  context.globalAlpha = 1;
  context.fillRect(from, 0, 1, scene.height);
  context.fillRect(to, 0, 1, scene.height);
}

/** The chosen event framed, with an arrow from its launch or to its work. */
function paintChosen(context: Context, scene: PlotScene, colours: PlotColours): void {
  const { chosen } = scene;
  if (chosen === null) return;
  context.strokeStyle = colours.ink;
  context.fillStyle = colours.ink;
  context.lineWidth = 2;
  for (const event of [chosen, ...chosen.linked]) {
    const box = boxOf(scene, event);
    if (box !== null) context.strokeRect(box.left, box.top, Math.max(2, box.width), LANE_PX - 1);
  }
  context.lineWidth = 1.5;
  for (const linked of chosen.linked) {
    const [first, second] = linked.startUs < chosen.startUs ? [linked, chosen] : [chosen, linked];
    const from = boxOf(scene, first);
    const to = boxOf(scene, second);
    if (from !== null && to !== null) {
      paintArrow(context, [from.left, from.top + LANE_PX], [to.left, to.top + LANE_PX / 2]);
    }
  }
}

function boxOf(
  scene: PlotScene,
  event: PlacedEvent,
): { left: number; top: number; width: number } | null {
  const row = rowOf(scene.layout, scene.traces, event);
  const trace = scene.traces[event.trace];
  if (row === null || trace === undefined) return null;
  const left = placeOf(scene, event.startUs + trace.offsetUs);
  const right = placeOf(scene, event.startUs + event.durationUs + trace.offsetUs);
  return { left, top: topOf(scene, row), width: right - left };
}

type Point = readonly [x: number, y: number];

function paintArrow(context: Context, [x0, y0]: Point, [x1, y1]: Point): void {
  const bend = Math.max(20, Math.abs(y1 - y0) / 3);
  context.beginPath();
  context.moveTo(x0, y0);
  context.bezierCurveTo(x0, y0 + bend, x1 - bend, y1, x1 - 4, y1);
  context.stroke();
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x1 - 7, y1 - 4);
  context.lineTo(x1 - 7, y1 + 4);
  context.fill();
}

/** Time along the top, and under it the steps of the first trace. Drawn last: rows scroll under it. */
function paintAxis(context: Context, scene: PlotScene, colours: PlotColours): void {
  const { view, width } = scene;
  context.fillStyle = colours.panel;
  context.fillRect(0, 0, width, AXIS_PX);
  context.fillStyle = colours.ink3;
  const scale = linearScale(view.fromUs, view.toUs);
  for (const tick of scale.ticks(Math.max(2, Math.floor(width / TICK_EVERY_PX)))) {
    const x = placeOf(scene, tick);
    context.fillRect(x, 12, 1, 6);
    context.fillText(formatPlace(tick, spanOf(view)), x + 3, 8);
  }
  const [first] = scene.traces;
  for (const step of first?.timeline.steps ?? []) {
    const from = placeOf(scene, step.startUs + (first?.offsetUs ?? 0));
    const to = placeOf(scene, step.startUs + step.durationUs + (first?.offsetUs ?? 0));
    if (to < 0 || from > width) continue;
    context.fillStyle = colours.line;
    context.fillRect(from, 19, 1, scene.height);
    context.fillRect(from, 19, Math.max(1, to - from - 1), 2);
    context.fillStyle = colours.ink3;
    if (to - from > LABEL_FROM_PX) context.fillText(`step ${step.name}`, Math.max(3, from + 3), 29);
  }
  context.fillStyle = colours.line;
  context.fillRect(0, AXIS_PX - 1, width, 1);
}
