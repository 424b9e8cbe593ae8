import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { TailraceError } from '../../records/errors.ts';
import { sketchFromBytes, type ExponentialSketch } from '../sketch/create-sketch.ts';
import { keyText, type CellMap, type StoredCell } from './cell-store.ts';
import type { Exemplar, PartialSum } from './ledger.ts';

/** Of docs/formats/ledger.md, "Blocks". */
const blockVersion = 1;
const headBytes = 5;

type Sum = [sum: number, unknownCount: number];

type Row = [
  service: string,
  engine: string | null,
  model: string | null,
  status: number | null,
  feature: string | null,
  tenant: string | null,
  requests: number,
  outcomes: StoredCell['outcomes'],
  retriedRequests: number,
  simulatedRequests: number,
  estimatedUsageRequests: number,
  sums: [Sum, Sum, Sum, Sum, Sum, Sum],
  slowest: SlowRow[],
  sketchBytes: [ttft: number, tpot: number, e2e: number],
];

type SlowRow = [
  id: string,
  e2eMs: number,
  ttftMs: number | null,
  queueMs: number,
  gatewayMs: number,
  retryMs: number,
  engineQueueMs: number | null,
  prefillMs: number | null,
  decodeMs: number | null,
];

/** A block of a day is written again with each seal of that day. */
const quickly = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Cells of one grouping and span as bytes: a list of what is counted and summed, then the sketches; zstd. */
export function encodeBlock(cells: CellMap): Uint8Array {
  const sketches: Uint8Array[] = [];
  const rows: Row[] = [];
  for (const cell of cells.values()) {
    const [ttft, tpot, e2e] = [cell.ttft.toBytes(), cell.tpot.toBytes(), cell.e2e.toBytes()];
    sketches.push(ttft, tpot, e2e);
    rows.push(rowOf(cell, [ttft.length, tpot.length, e2e.length]));
  }
  const text = Buffer.from(JSON.stringify(rows));
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(blockVersion, 0);
  head.writeUInt32LE(text.length, 1);
  return zstdCompressSync(Buffer.concat([head, text, ...sketches]), quickly);
}

/** Reads `encodeBlock`; throws TailraceError TR_JOURNAL_CORRUPT on bytes that are no block of a version known here. */
export function decodeBlock(bytes: Uint8Array): CellMap {
  try {
    return cellsIn(zstdDecompressSync(bytes));
  } catch (error) {
    // Bytes that were damaged can decompress to anything.
    throw error instanceof TailraceError ? error : corrupt(String(error));
  }
}

function cellsIn(raw: Buffer): CellMap {
  if (raw.length < headBytes || raw.readUInt8(0) !== blockVersion) throw corrupt('its version');
  let at = headBytes + raw.readUInt32LE(1);
  const take = (length: number): ExponentialSketch => {
    if (!(at + length <= raw.length)) throw corrupt('it ends too early');
    const sketch = sketchFromBytes(raw.subarray(at, at + length));
    at += length;
    return sketch;
  };
  const cells: CellMap = new Map();
  for (const row of JSON.parse(raw.toString('utf8', headBytes, at)) as Row[]) {
    const cell = cellOf(row, take);
    cells.set(keyText(cell), cell);
  }
  return cells;
}

const corrupt = (why: string): TailraceError =>
  new TailraceError('TR_JOURNAL_CORRUPT', `a stored rollup block cannot be read: ${why}`);

const sumOf = ({ sum, unknownCount }: PartialSum): Sum => [sum, unknownCount];
const partialSum = ([sum, unknownCount]: Sum): PartialSum => ({ sum, unknownCount });

function rowOf(cell: StoredCell, sketchBytes: Row[13]): Row {
  return [
    cell.service,
    cell.engine,
    cell.model,
    cell.status,
    cell.feature,
    cell.tenant,
    cell.requests,
    cell.outcomes,
    cell.retriedRequests,
    cell.simulatedRequests,
    cell.estimatedUsageRequests,
    [
      sumOf(cell.tokensIn),
      sumOf(cell.tokensCachedIn),
      sumOf(cell.tokensOut),
      sumOf(cell.usageUsd),
      sumOf(cell.acceleratorSeconds),
      sumOf(cell.energyWh),
    ],
    cell.slowest.map(slowRow),
    sketchBytes,
  ];
}

function cellOf(row: Row, take: (length: number) => ExponentialSketch): StoredCell {
  const [tokensIn, tokensCachedIn, tokensOut, usageUsd, acceleratorSeconds, energyWh] = row[11];
  const [ttft, tpot, e2e] = row[13];
  return {
    service: row[0],
    engine: row[1],
    model: row[2],
    status: row[3],
    feature: row[4],
    tenant: row[5],
    requests: row[6],
    outcomes: row[7],
    retriedRequests: row[8],
    simulatedRequests: row[9],
    estimatedUsageRequests: row[10],
    tokensIn: partialSum(tokensIn),
    tokensCachedIn: partialSum(tokensCachedIn),
    tokensOut: partialSum(tokensOut),
    usageUsd: partialSum(usageUsd),
    acceleratorSeconds: partialSum(acceleratorSeconds),
    energyWh: partialSum(energyWh),
    ttft: take(ttft),
    tpot: take(tpot),
    e2e: take(e2e),
    slowest: row[12].map(exemplarOf),
  };
}

const slowRow = (one: Exemplar): SlowRow => [
  one.id,
  one.e2eMs,
  one.ttftMs,
  one.queueMs,
  one.gatewayMs,
  one.retryMs,
  one.engineQueueMs,
  one.prefillMs,
  one.decodeMs,
];

const exemplarOf = (row: SlowRow): Exemplar => ({
  id: row[0],
  e2eMs: row[1],
  ttftMs: row[2],
  queueMs: row[3],
  gatewayMs: row[4],
  retryMs: row[5],
  engineQueueMs: row[6],
  prefillMs: row[7],
  decodeMs: row[8],
});
