import type { Client } from '../api/client.ts';
import { decodeTile, type Tile } from './decode-tile.ts';

/** Tiles kept for all open traces; one has some 10 to 200 KB. */
const MAX_TILES = 400;
/** Requests at one time. */
const MAX_ASKED = 4;

export interface TileAsk {
  trace: string;
  level: number;
  index: number;
}

/** Tiles that were fetched, and those on their way. */
export interface TileStore {
  /** Null when it is not there. */
  peek(ask: TileAsk): Tile | null;
  /** The finest tile that holds this one and is there; null when none is. */
  coarser(ask: TileAsk): Tile | null;
  /** Fetches these, in this order, and gives up what is on its way and no longer wanted. */
  want(asks: readonly TileAsk[]): void;
  /** Tiles wanted that have not come. */
  missing(): number;
  close(): void;
}

const keyOf = ({ trace, level, index }: TileAsk): string => `${trace} ${level} ${index}`;

/** `onChange` is called after a tile came or could not be fetched; `onFailure` hears why. */
export function createTileStore(
  client: Pick<Client, 'file'>,
  onChange: () => void,
  onFailure: (error: unknown) => void,
): TileStore {
  const tiles = new Map<string, Tile>();
  const asked = new Map<string, AbortController>();
  const failed = new Set<string>();
  let queue: readonly TileAsk[] = [];
  let isClosed = false;

  const fetchTile = async (ask: TileAsk): Promise<void> => {
    const key = keyOf(ask);
    const controller = new AbortController();
    asked.set(key, controller);
    try {
      const query = { level: ask.level, tile: ask.index };
      const blob = await client.file(`traces/${ask.trace}/timeline`, query, controller.signal);
      tiles.set(key, decodeTile(await blob.arrayBuffer()));
      forgetOldest(tiles);
    } catch (error) {
      if (!controller.signal.aborted) {
        failed.add(key);
        onFailure(error);
      }
    }
    // One that was given up may have been asked for anew meanwhile.
    if (asked.get(key) === controller) asked.delete(key);
    if (isClosed) return;
    pump();
    onChange();
  };
  const pump = (): void => {
    while (asked.size < MAX_ASKED) {
      const next = queue.find((ask) => !asked.has(keyOf(ask)) && !tiles.has(keyOf(ask)));
      if (next === undefined) return;
      queue = queue.filter((ask) => ask !== next);
      void fetchTile(next);
    }
  };
  return {
    peek(ask) {
      const key = keyOf(ask);
      const tile = tiles.get(key);
      if (tile === undefined) return null;
      tiles.delete(key);
      tiles.set(key, tile);
      return tile;
    },
    coarser({ trace, level, index }) {
      for (let up = 1; up <= level; up++) {
        const tile = tiles.get(
          keyOf({ trace, level: level - up, index: Math.floor(index / 2 ** up) }),
        );
        if (tile !== undefined) return tile;
      }
      return null;
    },
    want(asks) {
      const wanted = new Set(asks.map(keyOf));
      for (const [key, controller] of asked) {
        if (wanted.has(key)) continue;
        asked.delete(key);
        controller.abort();
      }
      queue = asks.filter((ask) => !failed.has(keyOf(ask)));
      pump();
    },
    missing: () => asked.size,
    close() {
      isClosed = true;
      for (const controller of asked.values()) controller.abort();
    },
  };
}

function forgetOldest(tiles: Map<string, Tile>): void {
  for (const key of tiles.keys()) {
    if (tiles.size <= MAX_TILES) return;
    tiles.delete(key);
  }
}
