import { type Exemplar, Malformed, type NativeHistogram, noLabels } from './exposition.ts';
import { readNativeHistogram } from './open-metrics-histogram.ts';

/** Seconds since the epoch, whole and nanoseconds apart: their order must not be lost to rounding. */
export interface Timestamp {
  seconds: number;
  nanos: number;
}

export interface OpenMetricsSample {
  name: string;
  /** The name stands among the labels, as UTF-8 names do; those need a declared family. */
  isNameInBraces: boolean;
  labels: ReadonlyMap<string, string>;
  value: number;
  timestamp: Timestamp | null;
  exemplar: Exemplar | null;
  histogram: NativeHistogram | null;
}

const LEGACY_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
/** The labels of an exemplar hold at most this many characters (OpenMetrics 1.0, "Exemplars"). */
const EXEMPLAR_CHARS = 128;

export const isLegacyName = (name: string): boolean => LEGACY_NAME.test(name);

/** Reads one sample line. `mayBeNative`: the family is a histogram, whose value may be `{count:...}`. */
export function readSampleLine(
  line: string,
  options: { maxLabels: number; mayBeNative: boolean },
): OpenMetricsSample {
  const { name: leading, labels: all, after } = readSeries(line, options.maxLabels);
  const labels = new Map(all);
  const quotedName = labels.get('__name__');
  labels.delete('__name__');
  if (leading !== '' && quotedName !== undefined) throw new Malformed('two metric names');
  const name = leading === '' ? quotedName : leading;
  if (name === undefined || name === '') throw new Malformed('no metric name');
  const isNameInBraces = leading === '';
  const own = { name, isNameInBraces, labels: labels.size === 0 ? noLabels : labels };
  const rest = textAfter(line, after, options);
  if (options.mayBeNative && rest.startsWith('{')) {
    const histogram = readNativeHistogram(rest);
    return { ...own, value: histogram.sum, timestamp: null, exemplar: null, histogram };
  }
  return { ...own, ...readValues(rest, options.maxLabels), histogram: null };
}

/**
 * What stands after the series. There must be one space; prometheus_client passes over any one character there
 * (`a{} 1`, `a{}\t1`, but also `a{}15`, which it reads as 5). The verdict is its own, the digit is not lost.
 */
function textAfter(
  line: string,
  after: number,
  options: { maxLabels: number; mayBeNative: boolean },
): string {
  const rest = line.slice(after + 1);
  if (line.charAt(after) === ' ') return rest;
  if (line.charAt(after) === '{' && options.mayBeNative) return line.slice(after);
  readValues(rest, options.maxLabels);
  const whole = line.slice(after);
  return readNumberOrNull(whole.split(' ', 1)[0] ?? '') === null ? rest : whole;
}

/** The series at the start of a line; `after` is where it ends. A quoted name may stand before the brace too. */
function readSeries(
  line: string,
  maxLabels: number,
): { name: string; labels: ReadonlyMap<string, string>; after: number } {
  if (line.startsWith('"')) {
    const { text, after } = readQuoted(line, 0);
    if (line.charAt(after) !== '{') throw new Malformed('no "{" after the quoted metric name');
    return { name: text, ...readBraces(line, after, maxLabels) };
  }
  const nameEnd = line.search(/[ {]/);
  if (nameEnd === -1) throw new Malformed('no value');
  const name = line.slice(0, nameEnd);
  if ((line.charAt(nameEnd) === ' ' || name !== '') && !isLegacyName(name)) {
    throw new Malformed('no valid metric name');
  }
  if (line.charAt(nameEnd) === ' ') return { name, labels: noLabels, after: nameEnd };
  return { name, ...readBraces(line, nameEnd, maxLabels) };
}

/**
 * `{name="value",...}` from the brace at `start`. A quoted text alone is the metric's name. Blanks around names,
 * values and commas are let pass, as prometheus_client does; names may be quoted (any UTF-8) or plain.
 */
function readBraces(
  line: string,
  start: number,
  maxLabels: number,
): { labels: Map<string, string>; after: number } {
  const labels = new Map<string, string>();
  let at = skipSpace(line, start + 1);
  if (line.charAt(at) === '}') return { labels, after: at + 1 };
  for (;;) {
    if (labels.size >= maxLabels) throw new Malformed(`more than ${maxLabels} labels`);
    const term = readTerm(line, at);
    if (labels.has(term.name)) throw new Malformed(`label ${term.name} occurs twice`);
    labels.set(term.name, term.value);
    at = skipSpace(line, term.after);
    const next = line.charAt(at);
    if (next === '}') return { labels, after: at + 1 };
    if (next !== ',') throw new Malformed(`neither "," nor "}" after label ${term.name}`);
    at = skipSpace(line, at + 1);
  }
}

function readTerm(line: string, start: number): { name: string; value: string; after: number } {
  const isQuoted = line.charAt(start) === '"';
  const name = isQuoted ? readQuoted(line, start) : readBareName(line, start);
  const at = skipSpace(line, name.after);
  if (line.charAt(at) !== '=') {
    if (!isQuoted) throw new Malformed(`no "=" after label ${name.text}`);
    return { name: '__name__', value: name.text, after: at };
  }
  if (name.text.startsWith('__') && name.text !== '__name__') {
    throw new Malformed(`label ${name.text} is reserved`);
  }
  const value = readQuoted(line, skipSpace(line, at + 1));
  return { name: name.text, value: value.text, after: value.after };
}

function readBareName(line: string, start: number): { text: string; after: number } {
  let after = start;
  while (/[a-zA-Z0-9_:]/.test(line.charAt(after))) after += 1;
  const text = line.slice(start, after);
  if (!isLegacyName(text)) throw new Malformed('no label name');
  return { text, after };
}

const ESCAPES = /\\([\\n"])/g;

/** An unknown escape stands for itself. */
function readQuoted(line: string, start: number): { text: string; after: number } {
  if (line.charAt(start) !== '"') throw new Malformed('a label value is not quoted');
  let at = start + 1;
  while (at < line.length && line.charAt(at) !== '"') at += line.charAt(at) === '\\' ? 2 : 1;
  if (at >= line.length) throw new Malformed('a quoted text has no end');
  const text = line.slice(start + 1, at);
  return { text: unescapeQuoted(text), after: at + 1 };
}

export const unescapeQuoted = (text: string): string =>
  text.includes('\\')
    ? text.replace(ESCAPES, (_, char: string) => (char === 'n' ? '\n' : char))
    : text;

const skipSpace = (line: string, from: number): number => {
  let at = from;
  while (/\s/.test(line.charAt(at)) && at < line.length) at += 1;
  return at;
};

/** `value [timestamp] [# {labels} value [timestamp]]`, one space between. */
function readValues(
  text: string,
  maxLabels: number,
): { value: number; timestamp: Timestamp | null; exemplar: Exemplar | null } {
  const mark = text.search(/ {1,2}# ?\{| # /);
  const main = mark === -1 ? text : text.slice(0, mark);
  const exemplar = mark === -1 ? null : readExemplar(text.slice(mark).trimStart(), maxLabels);
  const [value = '', timestamp, ...more] = main.split(' ');
  if (more.length > 0) throw new Malformed('text after the timestamp');
  return {
    value: readNumber(value, 'value'),
    timestamp: timestamp === undefined ? null : readTimestamp(timestamp),
    exemplar,
  };
}

function readExemplar(text: string, maxLabels: number): Exemplar {
  if (!text.startsWith('# {')) throw new Malformed('the exemplar does not begin with "# {"');
  const { labels, after } = readBraces(text, 2, maxLabels);
  const chars = [...labels].reduce((sum, [key, value]) => sum + Array.from(key + value).length, 0);
  if (chars > EXEMPLAR_CHARS) {
    throw new Malformed(`the labels of the exemplar exceed ${EXEMPLAR_CHARS} characters`);
  }
  if (text.charAt(after) !== ' ') throw new Malformed('no single space after the exemplar labels');
  const [value = '', timestamp, ...more] = text.slice(after + 1).split(' ');
  if (more.length > 0) throw new Malformed('text after the exemplar');
  const at = timestamp === undefined ? null : readTimestamp(timestamp);
  return {
    labels,
    value: readNumber(value, 'value of the exemplar'),
    timestampMs: at === null ? null : toMs(at),
  };
}

export const toMs = ({ seconds, nanos }: Timestamp): number => seconds * 1000 + nanos / 1e6;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const SPECIAL = /^([+-]?)(?:(inf|infinity)|nan)$/i;

/** As Python's float() without blanks and `_`: what overflows is infinite. Null for anything else. */
export function readNumberOrNull(word: string): number | null {
  if (NUMBER.test(word)) return Number(word);
  const special = SPECIAL.exec(word);
  if (special === null) return null;
  if (special[2] === undefined) return Number.NaN;
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function readNumber(word: string, what: string): number {
  const value = readNumberOrNull(word);
  if (value === null) throw new Malformed(`the ${what} is not a number`);
  return value;
}

function readTimestamp(word: string): Timestamp {
  const plain = /^([+-]?\d+)(?:\.(\d*))?$/.exec(word);
  if (plain?.[1] !== undefined) {
    const seconds = Number(plain[1]);
    const nanos = Number((plain[2] ?? '').slice(0, 9).padEnd(9, '0'));
    return { seconds, nanos: seconds < 0 ? -nanos : nanos };
  }
  const value = readNumberOrNull(word);
  if (value === null || !Number.isFinite(value)) {
    throw new Malformed('the timestamp is not a finite number of seconds');
  }
  return { seconds: Math.floor(value), nanos: (value - Math.floor(value)) * 1e9 };
}
