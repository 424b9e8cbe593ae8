import { TailraceError } from '../../records/errors.ts';
import type { Sketch } from './sketch.ts';

/**
 * Scale 6 of the OpenTelemetry exponential histogram: 64 buckets per power of two. Bucket i covers
 * (2^(i/64), 2^((i+1)/64)] and is answered by its geometric middle, so the error is at most 2^(1/128) - 1.
 */
export const bucketsPerOctave = 64;
export const relativeErrorBound = 2 ** (1 / 128) - 1;

/** Values outside 2^-20..2^44 (1 ns to 557 years, in ms) count as zero or as the last bucket. */
const indexMin = -20 * bucketsPerOctave;
const indexMax = 44 * bucketsPerOctave - 1;
const zeroBelow = 2 ** -20;

const formatVersion = 1;
const bytesMax = 131_072;

/** Bucket of a value above 2^-20; see the module's first comment. */
export function bucketIndex(value: number): number {
  const index = Math.ceil(Math.log2(value) * bucketsPerOctave) - 1;
  return index < indexMin ? indexMin : index > indexMax ? indexMax : index;
}

export const createSketch = (): ExponentialSketch => new ExponentialSketch();

/** Most cells of a minute hold a few values; a list of their buckets costs a fraction of a run of counters. */
const fewMax = 16;

/** Runs as they are stored: pairs of varints, step to the next bucket and its count. */
interface PackedRuns {
  bytes: Buffer;
  from: number;
  pairs: number;
  first: number;
  last: number;
}

/**
 * The sketch as a dense run of counters that grows at either end, so that merging is one loop; before that, up
 * to `fewMax` bucket indexes as they came, or what was read from storage as it is there: an answer reads thousands
 * that are only ever merged into another.
 */
export class ExponentialSketch implements Sketch {
  count = 0;
  sum = 0;
  min = Number.NaN;
  max = Number.NaN;
  #zeros = 0;
  #first = 0;
  /** A plain array: V8 keeps small typed arrays of this size outside its heap, where each costs more than its counting. */
  #counts: number[] = [];
  #few: number[] = [];
  #packed: PackedRuns | null = null;

  add(value: number, count = 1): void {
    if (!(value >= 0) || count <= 0) return;
    if (value < zeroBelow) this.#addZeros(count);
    else this.addIndexed(bucketIndex(value), count);
    this.noteExtremes(value, value, value * count);
  }

  /** Counts that were made elsewhere (SQL) by the same buckets; pair with `noteExtremes`. */
  addIndexed(index: number, count: number): void {
    this.#bump(Math.min(indexMax, Math.max(indexMin, index)), count);
    this.count += count;
  }

  /** Runs that hold `count` values, where nothing has been added yet. */
  setPacked(packed: PackedRuns, count: number): void {
    this.#packed = packed;
    this.count += count;
  }

  /** Zeros that were counted elsewhere. */
  addZeroCount(count: number): void {
    this.#addZeros(count);
  }

  /** Widens min and max and adds to the sum, for counts added by index. */
  noteExtremes(min: number, max: number, sum: number): void {
    if (!(this.min <= min)) this.min = min;
    if (!(this.max >= max)) this.max = max;
    this.sum += sum;
  }

  merge(other: Sketch): void {
    if (!(other instanceof ExponentialSketch)) throw new TypeError('sketches of one kind only');
    if (other.count === 0) return;
    this.#addZeros(other.#zeros);
    for (const index of other.#few) this.#bump(index, 1);
    if (other.#packed !== null) {
      this.#densify();
      this.#addPacked(other.#packed);
    }
    if (other.#counts.length > 0) {
      this.#densify();
      this.#reach(other.#first, other.#first + other.#counts.length - 1);
      const shift = other.#first - this.#first;
      for (let i = 0; i < other.#counts.length; i += 1) {
        const more = other.#counts[i] ?? 0;
        this.#counts[i + shift] = (this.#counts[i + shift] ?? 0) + more;
      }
    }
    this.count += other.count - other.#zeros;
    this.noteExtremes(other.min, other.max, other.sum);
  }

  quantile(q: number): number {
    if (this.count === 0) return Number.NaN;
    this.#densify();
    const rank = Math.max(1, Math.ceil(q * this.count));
    if (rank >= this.count) return this.max;
    let seen = this.#zeros;
    if (seen >= rank) return Math.min(this.max, Math.max(0, this.min));
    for (let i = 0; i < this.#counts.length; i += 1) {
      seen += this.#counts[i] ?? 0;
      if (seen >= rank) {
        const middle = 2 ** ((this.#first + i + 0.5) / bucketsPerOctave);
        return Math.min(this.max, Math.max(this.min, middle));
      }
    }
    return this.max;
  }

  shareAtMost(value: number): number {
    if (this.count === 0) return Number.NaN;
    if (value >= this.max) return 1;
    if (value < this.min) return 0;
    this.#densify();
    let seen = this.#zeros;
    if (value >= zeroBelow) {
      const upTo = bucketIndex(value) - this.#first;
      for (let i = 0; i <= upTo && i < this.#counts.length; i += 1) seen += this.#counts[i] ?? 0;
    }
    return seen / this.count;
  }

  buckets(): Array<{ lower: number; upper: number; count: number }> {
    this.#densify();
    const all: Array<{ lower: number; upper: number; count: number }> = [];
    if (this.#zeros > 0) all.push({ lower: 0, upper: 0, count: this.#zeros });
    this.#counts.forEach((count, i) => {
      if (count === 0) return;
      const index = this.#first + i;
      const edge = (at: number): number => 2 ** (at / bucketsPerOctave);
      all.push({ lower: edge(index), upper: edge(index + 1), count });
    });
    return all;
  }

  toBytes(): Uint8Array {
    if (this.#packed !== null) this.#densify();
    const runs =
      this.#counts.length > 0 ? runsOfCounts(this.#counts, this.#first) : runsOf(this.#few);
    const out = Buffer.allocUnsafe(1 + 24 + 10 + 10 + runs.length * 7);
    out.writeUInt8(formatVersion, 0);
    out.writeDoubleLE(this.sum, 1);
    out.writeDoubleLE(this.min, 9);
    out.writeDoubleLE(this.max, 17);
    let at = writeVarint(out, 25, this.#zeros);
    at = writeVarint(out, at, runs.length / 2);
    let previous = indexMin;
    for (let i = 0; i < runs.length; i += 2) {
      const index = runs[i] ?? 0;
      at = writeVarint(out, at, index - previous);
      at = writeVarint(out, at, runs[i + 1] ?? 0);
      previous = index;
    }
    return out.subarray(0, at);
  }

  #addZeros(count: number): void {
    this.#zeros += count;
    this.count += count;
  }

  #bump(index: number, count: number): void {
    const isSmall = this.#counts.length === 0 && this.#packed === null;
    if (isSmall && count === 1 && this.#few.length < fewMax) {
      this.#few.push(index);
      return;
    }
    this.#densify();
    this.#reach(index, index);
    this.#counts[index - this.#first] = (this.#counts[index - this.#first] ?? 0) + count;
  }

  #addPacked({ bytes, from, pairs, first, last }: PackedRuns): void {
    this.#reach(first, last);
    const reader = { bytes, at: from };
    const counts = this.#counts;
    let at = indexMin - this.#first;
    for (let i = 0; i < pairs; i += 1) {
      const step = bytes[reader.at] ?? 0;
      const count = bytes[reader.at + 1] ?? 0;
      // Nearly all are of one byte; what a call costs is most of the work then.
      if (step < 128 && count < 128) {
        reader.at += 2;
        at += step;
        counts[at] = (counts[at] ?? 0) + count;
      } else {
        at += readVarint(reader);
        counts[at] = (counts[at] ?? 0) + readVarint(reader);
      }
    }
  }

  #densify(): void {
    const packed = this.#packed;
    if (packed !== null) {
      this.#packed = null;
      this.#addPacked(packed);
    }
    if (this.#few.length === 0) return;
    const few = this.#few;
    this.#few = [];
    let first = indexMax;
    let last = indexMin;
    for (const index of few) {
      if (index < first) first = index;
      if (index > last) last = index;
    }
    this.#reach(first, last);
    for (const index of few) {
      this.#counts[index - this.#first] = (this.#counts[index - this.#first] ?? 0) + 1;
    }
  }

  /** Makes room for buckets first..last, with half as much again to spare on the side that grows. */
  #reach(first: number, last: number): void {
    const end = this.#first + this.#counts.length;
    if (this.#counts.length > 0 && first >= this.#first && last < end) return;
    if (this.#counts.length === 0) {
      this.#first = first;
      this.#counts = Array<number>(last + 1 - first).fill(0);
      return;
    }
    const spare = Math.max(8, this.#counts.length >> 1);
    const start =
      first < this.#first ? Math.max(indexMin, Math.min(first, this.#first - spare)) : this.#first;
    const stop = last >= end ? Math.min(indexMax + 1, Math.max(last + 1, end + spare)) : end;
    const grown = Array<number>(stop - start).fill(0);
    const shift = this.#first - start;
    for (let i = 0; i < this.#counts.length; i += 1) grown[i + shift] = this.#counts[i] ?? 0;
    this.#counts = grown;
    this.#first = start;
  }
}

/** Bucket indexes and their counts in turn, lowest first, without empty buckets. */
function runsOfCounts(counts: readonly number[], first: number): number[] {
  const runs: number[] = [];
  for (let i = 0; i < counts.length; i += 1) {
    const count = counts[i] ?? 0;
    if (count > 0) runs.push(first + i, count);
  }
  return runs;
}

function runsOf(few: readonly number[]): number[] {
  const runs: number[] = [];
  for (const index of few.toSorted((a, b) => a - b)) {
    const at = runs.length - 2;
    if (runs[at] === index) runs[at + 1] = (runs[at + 1] ?? 0) + 1;
    else runs.push(index, 1);
  }
  return runs;
}

/**
 * Reads `toBytes`; throws TailraceError TR_JOURNAL_CORRUPT when the bytes are not a sketch of a version known here.
 */
export function sketchFromBytes(bytes: Uint8Array): ExponentialSketch {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < 27 || view.length > bytesMax || view.readUInt8(0) !== formatVersion) {
    throw corrupt('not a sketch of version 1');
  }
  const sketch = new ExponentialSketch();
  const reader = { bytes: view, at: 25 };
  sketch.addZeroCount(readVarint(reader));
  const pairs = readVarint(reader);
  if (pairs > indexMax - indexMin + 1) throw corrupt('too many buckets');
  const from = reader.at;
  let first = indexMin;
  let index = indexMin;
  let count = 0;
  for (let i = 0; i < pairs; i += 1) {
    let step = view[reader.at] ?? 128;
    let more = view[reader.at + 1] ?? 128;
    // As in `#addPacked`: one byte each, nearly always.
    if (step < 128 && more < 128) reader.at += 2;
    else {
      step = readVarint(reader);
      more = readVarint(reader);
    }
    index += step;
    if (index > indexMax || (i > 0 && step === 0)) throw corrupt('a bucket is out of order');
    if (i === 0) first = index;
    count += more;
  }
  if (reader.at !== view.length) throw corrupt('bytes are left over');
  if (pairs > 0) sketch.setPacked({ bytes: view, from, pairs, first, last: index }, count);
  if (sketch.count > 0) {
    sketch.noteExtremes(view.readDoubleLE(9), view.readDoubleLE(17), view.readDoubleLE(1));
  }
  return sketch;
}

const corrupt = (why: string): TailraceError =>
  new TailraceError('TR_JOURNAL_CORRUPT', `a stored sketch cannot be read: ${why}`);

/** LEB128 without a sign, up to 2^53. */
function writeVarint(out: Buffer, from: number, value: number): number {
  let at = from;
  let rest = value;
  while (rest >= 128) {
    out[at] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
    at += 1;
  }
  out[at] = rest;
  return at + 1;
}

function readVarint(reader: { bytes: Buffer; at: number }): number {
  const first = reader.bytes[reader.at];
  if (first !== undefined && first < 128) {
    reader.at += 1;
    return first;
  }
  let value = 0;
  for (let i = 0; i < 8; i += 1) {
    const byte = reader.bytes[reader.at];
    if (byte === undefined) throw corrupt('it ends too early');
    reader.at += 1;
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128 && value <= Number.MAX_SAFE_INTEGER) return value;
  }
  throw corrupt('a number is too long');
}
