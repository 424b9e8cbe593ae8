/** Marks a missing integer in a column. Streams, correlations and ids of traces are not negative. */
export const NONE = -1;

/**
 * Events of one trace as columns, in file order: a 1 GB trace has millions, and an object for each
 * would not fit. Rows at and after `length` are room to grow.
 */
export interface EventTable {
  length: number;
  /** Position among all events of the file, also of those not kept. */
  position: Int32Array;
  kind: Uint8Array;
  /** Into `names` of the trace. */
  name: Int32Array;
  /** Start, microseconds on the profiler's clock. */
  startUs: Float64Array;
  durationUs: Float64Array;
  /** Into `threads` of the trace: process and thread, or device and stream. */
  thread: Int32Array;
  /** Device and stream of device work; -1 where there is none. */
  device: Int32Array;
  stream: Int32Array;
  /** Joins a launch on the host with its work on the device; -1 where there is none. */
  correlation: Float64Array;
  /** Joins an operator with its launches; -1 where there is none. */
  externalId: Float64Array;
  /** Bytes of a copy or fill; -1 where unknown. */
  bytes: Float64Array;
  /** Thread blocks per multiprocessor; -1 where unknown. */
  blocksPerSm: Float64Array;
  /** Estimated achieved occupancy, percent; -1 where unknown. */
  occupancyPct: Float64Array;
}

const INITIAL_ROWS = 16_384;

export function createEventTable(rows = INITIAL_ROWS): EventTable {
  return {
    length: 0,
    position: new Int32Array(rows),
    kind: new Uint8Array(rows),
    name: new Int32Array(rows),
    startUs: new Float64Array(rows),
    durationUs: new Float64Array(rows),
    thread: new Int32Array(rows),
    device: new Int32Array(rows),
    stream: new Int32Array(rows),
    correlation: new Float64Array(rows),
    externalId: new Float64Array(rows),
    bytes: new Float64Array(rows),
    blocksPerSm: new Float64Array(rows),
    occupancyPct: new Float64Array(rows),
  };
}

/** Takes one more row and returns its index; columns double when they are full. */
export function addRow(table: EventTable): number {
  if (table.length === table.kind.length) grow(table);
  return table.length++;
}

function grow(table: EventTable): void {
  const next = createEventTable(table.kind.length * 2);
  next.position.set(table.position);
  next.kind.set(table.kind);
  next.name.set(table.name);
  next.startUs.set(table.startUs);
  next.durationUs.set(table.durationUs);
  next.thread.set(table.thread);
  next.device.set(table.device);
  next.stream.set(table.stream);
  next.correlation.set(table.correlation);
  next.externalId.set(table.externalId);
  next.bytes.set(table.bytes);
  next.blocksPerSm.set(table.blocksPerSm);
  next.occupancyPct.set(table.occupancyPct);
  Object.assign(table, next, { length: table.length });
}

/** End of a row, microseconds. */
export const endUs = (table: EventTable, row: number): number =>
  (table.startUs[row] ?? 0) + (table.durationUs[row] ?? 0);

/** A cell that is known to exist, since the row comes from the table itself. */
export const cell = (column: ArrayLike<number>, row: number): number => column[row] ?? NONE;
