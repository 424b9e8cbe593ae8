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
}

/** Reads what the journals have gained beyond `positions`, about `maxBytes` at most, oldest files first. */
export async function readTail(
  dir: string,
  positions: ReadonlyMap<string, number>,
  maxBytes: number,
): Promise<TailBatch> {
  const batch: TailBatch = {
    records: [],
    lines: [],
    positions: new Map(),
    lostRecords: 0,
    corruptFrames: 0,
  };
  let left = maxBytes;
  for (const segment of listSegments(dir)) {
    const offset = positions.get(segment.file) ?? 0;
    if (segment.bytes <= offset) continue;
    if (left <= 0) break;
    const read = await readIfThere(segment.path, offset, left, !segment.newest);
    if (read === null) continue;
    for (const payload of read.payloads) takeLine(batch, payload);
    batch.lostRecords += read.lostRecords;
    batch.corruptFrames += read.corruptFrames;
    if (read.nextOffset !== offset) batch.positions.set(segment.file, read.nextOffset);
    left -= read.nextOffset - offset;
  }
  return batch;
}

/** Null when the file went away since it was listed, as a covered one does under a read-only look. */
async function readIfThere(
  ...asked: Parameters<typeof readSegment>
): Promise<Awaited<ReturnType<typeof readSegment>> | null> {
  try {
    return await readSegment(...asked);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** How JSON.stringify writes half a surrogate pair; DuckDB refuses to read it. */
const loneSurrogate = Buffer.from(String.raw`\ud`);

function takeLine(batch: TailBatch, payload: Buffer): void {
  const line = payload.includes(loneSurrogate) ? wellFormed(payload) : payload;
  const record = parse(line);
  if (record === null) {
    batch.corruptFrames += 1;
    return;
  }
  batch.records.push(record);
  batch.lines.push(line);
}

/**
 * Half a surrogate pair is no text: it becomes U+FFFD. A client may send one in any string, and one
 * such record must not hold up all others.
 */
function wellFormed(payload: Buffer): Buffer {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'), (_, inner: unknown) =>
      typeof inner === 'string' ? inner.toWellFormed() : inner,
    );
    return Buffer.from(`${JSON.stringify(value)}\n`);
  } catch {
    return payload;
  }
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
  keepOnly(
    batch,
    batch.records.map((record) => requestRecord.safeParse(record).success),
  );
}

/** Counts what is not kept as corrupt. */
export function keepOnly(batch: TailBatch, good: readonly boolean[]): void {
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
export function deleteCovered(
  dir: string,
  sealed: ReadonlyMap<string, number>,
  remove: (path: string) => void,
): string[] {
  const files = listSegments(dir);
  const present = new Set(files.map(({ file }) => file));
  const gone = [...sealed.keys()].filter((file) => !present.has(file));
  for (const { file, path, bytes, newest } of files) {
    const covered = sealed.get(file);
    if (covered === undefined || newest || bytes > covered) continue;
    remove(path);
    gone.push(file);
  }
  return gone;
}
