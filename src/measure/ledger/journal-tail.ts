import { rmSync, statSync } from 'node:fs';
import { requestRecord, type RequestRecord } from '../../records/request-record.ts';
import { readSegment } from '../journal/reader.ts';
import { listSegments } from '../journal/segments.ts';

/** What one look at the journals brought. `positions` become true once the records are in the buffer. */
export interface TailBatch {
  records: RequestRecord[];
  lines: Buffer[];
  positions: Map<string, number>;
  lostRecords: number;
  corruptFrames: number;
  /** The batch was full: there is more to read at once. */
  more: boolean;
}

const batchBytes = 16 * 1024 * 1024;

/** Reads what the journals have gained beyond `positions`, about 16 MiB at most, oldest files first. */
export async function readTail(
  dir: string,
  positions: ReadonlyMap<string, number>,
): Promise<TailBatch> {
  const batch: TailBatch = {
    records: [],
    lines: [],
    positions: new Map(),
    lostRecords: 0,
    corruptFrames: 0,
    more: false,
  };
  let left = batchBytes;
  for (const segment of listSegments(dir)) {
    const offset = positions.get(segment.file) ?? 0;
    if (segment.bytes <= offset) continue;
    if (left <= 0) {
      batch.more = true;
      break;
    }
    const read = await readSegment(segment.path, offset, left);
    for (const payload of read.payloads) takeLine(batch, payload);
    batch.lostRecords += read.lostRecords;
    batch.corruptFrames += read.corruptFrames;
    if (read.nextOffset !== offset) batch.positions.set(segment.file, read.nextOffset);
    left -= read.nextOffset - offset;
    if (!read.atEnd) batch.more = true;
  }
  return batch;
}

function takeLine(batch: TailBatch, payload: Buffer): void {
  const record = parse(payload);
  if (record === null) {
    batch.corruptFrames += 1;
    return;
  }
  batch.records.push(record);
  batch.lines.push(payload);
}

/** A frame with a good checksum was written by us, so a look at its outline is enough here; see `checkAll`. */
function parse(payload: Buffer): RequestRecord | null {
  try {
    const value = JSON.parse(payload.toString('utf8')) as RequestRecord;
    const known =
      value.v === 1 && value.id.length === 36 && typeof value.latency.e2eMs === 'number';
    return known ? value : null;
  } catch {
    return null;
  }
}

/** Keeps only what is a record in every field: for a batch that the table refused as a whole. */
export function checkAll(batch: TailBatch): void {
  const good = batch.records.map((record) => requestRecord.safeParse(record).success);
  batch.corruptFrames += good.filter((one) => !one).length;
  batch.lines = batch.lines.filter((_, i) => good[i]);
  batch.records = batch.records.filter((_, i) => good[i]);
}

/** Bytes on disk that the ledger has not read. */
export function lagBytes(dir: string, positions: ReadonlyMap<string, number>): number {
  return listSegments(dir).reduce(
    (sum, one) => sum + Math.max(0, one.bytes - (positions.get(one.file) ?? 0)),
    0,
  );
}

/**
 * Deletes journal files whose every record is sealed. The newest file of a worker stays: it may still be written. Returns the
 * names of files that are gone.
 */
export function deleteCovered(dir: string, sealed: ReadonlyMap<string, number>): string[] {
  const files = listSegments(dir);
  const newest = new Map(files.map((one) => [one.worker, one.file]));
  const present = new Set(files.map(({ file }) => file));
  const gone = [...sealed.keys()].filter((file) => !present.has(file));
  for (const { file, path, worker } of files) {
    const covered = sealed.get(file);
    if (covered === undefined || newest.get(worker) === file) continue;
    if (statSync(path).size > covered) continue;
    rmSync(path, { force: true });
    gone.push(file);
  }
  return gone;
}
