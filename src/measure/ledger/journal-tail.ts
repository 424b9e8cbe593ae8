import { requestRecord, type RequestRecord } from '../../records/request-record.ts';
import { readSegment, type SegmentRead } from '../journal/reader.ts';
import { listSegments } from '../journal/segments.ts';

/** A few records of one file. `position` becomes true once they are in the buffer. */
export interface TailBatch {
  file: string;
  position: number;
  records: RequestRecord[];
  lines: Buffer[];
  lostRecords: number;
  corruptFrames: number;
}

/**
 * Reads what the journals have gained beyond `positions`, about `maxBytes` at most, oldest files first, in batches of
 * at most `recordsMax`: parsed records that are let go soon are never moved by the garbage collector.
 */
export async function* readTail(
  dir: string,
  positions: ReadonlyMap<string, number>,
  maxBytes: number,
  recordsMax: number,
): AsyncGenerator<TailBatch> {
  let left = maxBytes;
  for (const { file, path, bytes, newest } of listSegments(dir)) {
    const offset = positions.get(file) ?? 0;
    if (bytes <= offset) continue;
    if (left <= 0) return;
    const read = await readIfThere(path, offset, left, !newest);
    if (read === null || read.nextOffset === offset) continue;
    left -= read.nextOffset - offset;
    yield* batchesOf(file, read, recordsMax);
  }
}

function* batchesOf(file: string, read: SegmentRead, recordsMax: number): Generator<TailBatch> {
  const { payloads, ends } = read;
  const last = Math.max(0, Math.ceil(payloads.length / recordsMax) - 1);
  for (let n = 0; n <= last; n += 1) {
    const from = n * recordsMax;
    const batch: TailBatch = {
      file,
      // What lies between and behind the frames counts once all of them are in.
      position: n === last ? read.nextOffset : (ends[from + recordsMax - 1] ?? read.nextOffset),
      records: [],
      lines: [],
      lostRecords: n === last ? read.lostRecords : 0,
      corruptFrames: n === last ? read.corruptFrames : 0,
    };
    for (const payload of payloads.slice(from, from + recordsMax)) takeLine(batch, payload);
    yield batch;
  }
}

/** Null when the file went away since it was listed, as a covered one does under a read-only look. */
async function readIfThere(...asked: Parameters<typeof readSegment>): Promise<SegmentRead | null> {
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

/** A frame with a good checksum was written by us, so a look at what is added up is enough here; see `checkAll`. */
function parse(payload: Buffer): RequestRecord | null {
  try {
    const value = JSON.parse(payload.toString('utf8')) as RequestRecord;
    return value.v === 1 && value.id.length === 36 && isCountable(value) ? value : null;
  } catch {
    return null;
  }
}

const isNumberOrNull = (value: unknown): boolean => value === null || typeof value === 'number';

const isCountable = ({
  startedAtMs,
  latency,
  tokens,
  cost,
  energy,
  attempts,
}: RequestRecord): boolean =>
  typeof startedAtMs === 'number' &&
  typeof latency.e2eMs === 'number' &&
  isNumberOrNull(latency.ttftMs) &&
  isNumberOrNull(latency.tpotMeanMs) &&
  isNumberOrNull(tokens.in) &&
  isNumberOrNull(tokens.cachedIn) &&
  isNumberOrNull(tokens.out) &&
  isNumberOrNull(cost.usageUsd) &&
  isNumberOrNull(cost.acceleratorSeconds) &&
  isNumberOrNull(energy.energyWh) &&
  Array.isArray(attempts);

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
