import type { Tile } from './decode-tile.ts';
import { ownView, type PlotScene } from './plot-scene.ts';
import type { TileAsk, TileStore } from './tile-store.ts';
import type { OpenTrace } from './trace-types.ts';
import { extentUs, levelFor, spanOf, tilesOf, type View } from './view.ts';

/** Part of a trace's time, with the best tile there is for it. */
export interface TilePart {
  tile: Tile;
  clip: View;
  /** Whether it is as fine as the view asks for. */
  isFine: boolean;
}

/** Tiles that a view of a trace needs, left to right. */
function asksFor(scene: PlotScene, trace: OpenTrace): TileAsk[] {
  const usPerPx = spanOf(scene.view) / (scene.width * scene.scale);
  const level = levelFor(trace.timeline.spanUs, usPerPx);
  const { first, last } = tilesOf(ownView(scene.view, trace), trace.timeline.spanUs, level);
  const count = Math.max(0, last - first + 1);
  return Array.from({ length: count }, (_, i) => ({ trace: trace.id, level, index: first + i }));
}

export function partsOf(scene: PlotScene, trace: OpenTrace): TilePart[] {
  return asksFor(scene, trace).flatMap((ask) => {
    const tileUs = extentUs(trace.timeline.spanUs) / 2 ** ask.level;
    const clip = { fromUs: ask.index * tileUs, toUs: (ask.index + 1) * tileUs };
    const fine = scene.tiles.peek(ask);
    const tile = fine ?? scene.tiles.coarser(ask);
    return tile === null ? [] : [{ tile, clip, isFine: fine !== null }];
  });
}

/** Asks for the whole of each trace first, then what the view shows, then what lies beside it. */
export function wantTiles(scene: PlotScene, tiles: TileStore): void {
  const { traces } = scene;
  const whole = traces.map(({ id }) => ({ trace: id, level: 0, index: 0 }));
  const shown = traces.flatMap((trace) => asksFor(scene, trace));
  const beside = traces.flatMap((trace) => {
    const asks = asksFor(scene, trace);
    const [first, last] = [asks[0], asks.at(-1)];
    if (first === undefined || last === undefined) return [];
    const { level } = first;
    const end = Math.ceil(trace.timeline.spanUs / (extentUs(trace.timeline.spanUs) / 2 ** level));
    return [first.index - 1, last.index + 1]
      .filter((index) => index >= 0 && index < end)
      .map((index) => ({ trace: trace.id, level, index }));
  });
  tiles.want([...whole, ...shown, ...beside]);
}
