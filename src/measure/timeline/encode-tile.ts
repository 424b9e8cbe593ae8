import { cell } from '../../records/kineto/event-table.ts';
import type { Tile } from './timeline-tile.ts';
import type { Timeline } from './timeline.ts';

/** `TRTT` in little-endian ASCII; see docs/formats/timeline.md. */
const MAGIC = 0x54545254;
const VERSION = 1;
const HEAD_BYTES = 40;

/**
 * A tile as bytes, little-endian: head, then columns of 8-byte numbers, then of 4, then of 1, so that
 * a reader can lay typed arrays over them. `busyOfTracksUs` has one number a track.
 */
export function encodeTile(
  tile: Tile,
  { name }: Timeline,
  busyOfTracksUs: readonly number[],
): Uint8Array<ArrayBuffer> {
  const items = tile.row.length;
  const lanes = tile.lanes.length;
  const wide = [tile.startUs, tile.durationUs, tile.busyUs, busyOfTracksUs];
  const narrow = [
    tile.row,
    tile.row.map((row) => cell(name, row)),
    tile.count,
    tile.lanes.map(({ lane }) => lane),
    tile.lanes.map((lane) => lane.items),
  ];
  const wideBytes = 8 * (3 * items + busyOfTracksUs.length);
  const buffer = new ArrayBuffer(HEAD_BYTES + wideBytes + 4 * (3 * items + 2 * lanes) + 2 * items);
  const head = new DataView(buffer);
  [MAGIC, VERSION, items, lanes, busyOfTracksUs.length].forEach((value, at) =>
    head.setUint32(4 * at, value, true),
  );
  head.setFloat64(24, tile.fromUs, true);
  head.setFloat64(32, tile.toUs, true);
  let at = HEAD_BYTES;
  for (const column of wide) {
    new Float64Array(buffer, at, column.length).set(column);
    at += 8 * column.length;
  }
  for (const column of narrow) {
    new Int32Array(buffer, at, column.length).set(column);
    at += 4 * column.length;
  }
  for (const column of [tile.category, tile.single]) {
    new Uint8Array(buffer, at, column.length).set(column);
    at += column.length;
  }
  return new Uint8Array(buffer);
}
