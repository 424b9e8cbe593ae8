/** A tile as the API sends it, read in place; see docs/formats/timeline.md. */
export interface Tile {
  fromUs: number;
  toUs: number;
  startUs: Float64Array;
  durationUs: Float64Array;
  busyUs: Float64Array;
  trackBusyUs: Float64Array;
  row: Int32Array;
  name: Int32Array;
  /** Events that start in a bin. */
  count: Int32Array;
  category: Uint8Array;
  /** 1: one event as it is; 0: a bin of shorter ones. */
  single: Uint8Array;
  /** Where the items of a lane stand; absent: the lane is empty here. */
  lanes: ReadonlyMap<number, { from: number; to: number }>;
}

const MAGIC = 0x54545254;
const HEAD_BYTES = 40;

/** Throws when the bytes are no tile of version 1. */
export function decodeTile(buffer: ArrayBuffer): Tile {
  const head = new DataView(buffer);
  if (buffer.byteLength < HEAD_BYTES || head.getUint32(0, true) !== MAGIC) {
    throw new Error('not a tile');
  }
  if (head.getUint32(4, true) !== 1) throw new Error('a tile of another version; reload the page');
  const items = head.getUint32(8, true);
  const lanes = head.getUint32(12, true);
  const tracks = head.getUint32(16, true);
  let at = HEAD_BYTES;
  const take = <T>(make: (offset: number) => T, bytes: number): T => {
    const column = make(at);
    at += bytes;
    return column;
  };
  const wide = (length: number): Float64Array =>
    take((offset) => new Float64Array(buffer, offset, length), 8 * length);
  const narrow = (length: number): Int32Array =>
    take((offset) => new Int32Array(buffer, offset, length), 4 * length);
  const small = (length: number): Uint8Array =>
    take((offset) => new Uint8Array(buffer, offset, length), length);
  return {
    fromUs: head.getFloat64(24, true),
    toUs: head.getFloat64(32, true),
    startUs: wide(items),
    durationUs: wide(items),
    busyUs: wide(items),
    trackBusyUs: wide(tracks),
    row: narrow(items),
    name: narrow(items),
    count: narrow(items),
    lanes: placesOf(narrow(lanes), narrow(lanes)),
    category: small(items),
    single: small(items),
  };
}

function placesOf(lanes: Int32Array, items: Int32Array): Tile['lanes'] {
  let from = 0;
  const places = new Map<number, { from: number; to: number }>();
  lanes.forEach((lane, i) => {
    const to = from + (items[i] ?? 0);
    places.set(lane, { from, to });
    from = to;
  });
  return places;
}
