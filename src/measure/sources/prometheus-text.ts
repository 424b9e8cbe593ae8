import { fail, ok, type Result } from '../../records/errors.ts';

export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped';

/** One sample line; the timestamp is Unix milliseconds, null where the line has none. */
export interface Sample {
  name: string;
  labels: ReadonlyMap<string, string>;
  value: number;
  timestampMs: number | null;
}

export interface Exposition {
  /** In the order of the text. */
  samples: Sample[];
  /** Types declared by `# TYPE` lines, by family name. */
  types: ReadonlyMap<string, MetricType>;
}

export interface ExpositionLimits {
  maxChars: number;
  maxSamples: number;
  maxLabels: number;
}

export const expositionLimits: ExpositionLimits = {
  maxChars: 8_388_608,
  maxSamples: 100_000,
  maxLabels: 64,
};

const METRIC_NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL_NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
/** Up to the first character that ends or escapes a quoted value. */
const PLAIN_VALUE = /[^"\\]*/y;
const BLANKS = /[ \t]*/y;
const WORD = /[^ \t]+/y;
const NUMBER = /^[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)$/i;
const INTEGER = /^-?\d{1,16}$/;
const TYPES: ReadonlySet<string> = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped']);

/** A fault in the text; caught at the door of this file and turned into a Result. */
class Malformed extends Error {}

/**
 * Parses the Prometheus text exposition format, version 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/), strictly: every line must be right,
 * the last one must end with a line feed (a cut body is not taken for a whole one), no series may
 * occur twice, a family has one TYPE and it stands before its samples. Errors (TR_UPSTREAM_INVALID)
 * name the line. Linear in the text and bounded by `limits`.
 */
export function parsePrometheusText(
  text: string,
  limits: ExpositionLimits = expositionLimits,
): Result<Exposition> {
  if (text.length > limits.maxChars) {
    return fail('TR_UPSTREAM_TOO_LARGE', `metrics text is longer than ${limits.maxChars}`);
  }
  const state: State = { samples: [], types: new Map(), named: new Set(), series: new Set() };
  let line = 0;
  let start = 0;
  try {
    while (start < text.length) {
      line += 1;
      const end = text.indexOf('\n', start);
      if (end === -1) throw new Malformed('the last line does not end with a line feed');
      readLine(text.slice(start, end), state, limits);
      start = end + 1;
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return fail('TR_UPSTREAM_INVALID', `metrics text, line ${line}: ${error.message}`);
  }
  return ok({ samples: state.samples, types: state.types });
}

interface State {
  samples: Sample[];
  types: Map<string, MetricType>;
  /** Names that had a sample. */
  named: Set<string>;
  series: Set<string>;
}

function readLine(line: string, state: State, limits: ExpositionLimits): void {
  const cursor = { line, at: 0 };
  take(cursor, BLANKS);
  if (cursor.at === line.length) return;
  if (line.charAt(cursor.at) === '#') {
    readComment(cursor, state);
    return;
  }
  if (state.samples.length >= limits.maxSamples) {
    throw new Malformed(`more than ${limits.maxSamples} samples`);
  }
  const sample = readSample(cursor, limits);
  const key = seriesKey(sample);
  if (state.series.has(key)) throw new Malformed(`series ${sample.name} occurs twice`);
  state.series.add(key);
  state.named.add(sample.name);
  state.samples.push(sample);
}

/** `# TYPE name type`; HELP and any other comment carry nothing that is needed. */
function readComment(cursor: Cursor, state: State): void {
  cursor.at += 1;
  take(cursor, BLANKS);
  if (take(cursor, WORD) !== 'TYPE') return;
  take(cursor, BLANKS);
  const name = take(cursor, METRIC_NAME);
  if (name === '') throw new Malformed('TYPE without a metric name');
  take(cursor, BLANKS);
  const type = take(cursor, WORD);
  take(cursor, BLANKS);
  if (!isMetricType(type) || cursor.at !== cursor.line.length) {
    throw new Malformed(`TYPE of ${name} is not one of ${[...TYPES].join(', ')}`);
  }
  if (state.types.has(name)) throw new Malformed(`second TYPE of ${name}`);
  if (state.named.has(name)) throw new Malformed(`TYPE of ${name} stands after its samples`);
  state.types.set(name, type);
}

const isMetricType = (word: string): word is MetricType => TYPES.has(word);

interface Cursor {
  readonly line: string;
  at: number;
}

function readSample(cursor: Cursor, limits: ExpositionLimits): Sample {
  const name = take(cursor, METRIC_NAME);
  if (name === '') throw new Malformed('no metric name');
  take(cursor, BLANKS);
  const labels = cursor.line.charAt(cursor.at) === '{' ? readLabels(cursor, limits) : NO_LABELS;
  take(cursor, BLANKS);
  const value = readValue(take(cursor, WORD));
  take(cursor, BLANKS);
  const timestamp = take(cursor, WORD);
  take(cursor, BLANKS);
  if (cursor.at !== cursor.line.length) throw new Malformed('text after the timestamp');
  if (timestamp !== '' && !INTEGER.test(timestamp)) {
    throw new Malformed('the timestamp is not a whole number of milliseconds');
  }
  return { name, labels, value, timestampMs: timestamp === '' ? null : Number(timestamp) };
}

const NO_LABELS: ReadonlyMap<string, string> = new Map();

/** `{name="value", ...}`; a comma may stand after the last pair. */
function readLabels(cursor: Cursor, limits: ExpositionLimits): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  cursor.at += 1;
  take(cursor, BLANKS);
  while (!accept(cursor, '}')) {
    if (labels.size >= limits.maxLabels)
      throw new Malformed(`more than ${limits.maxLabels} labels`);
    const name = take(cursor, LABEL_NAME);
    if (name === '') throw new Malformed('no label name');
    if (labels.has(name)) throw new Malformed(`label ${name} occurs twice`);
    take(cursor, BLANKS);
    if (!accept(cursor, '=')) throw new Malformed(`no "=" after label ${name}`);
    take(cursor, BLANKS);
    labels.set(name, readQuoted(cursor, name));
    take(cursor, BLANKS);
    const more = accept(cursor, ',');
    take(cursor, BLANKS);
    if (!more && cursor.line.charAt(cursor.at) !== '}') {
      throw new Malformed(`neither "," nor "}" after label ${name}`);
    }
  }
  return labels;
}

function readQuoted(cursor: Cursor, label: string): string {
  if (!accept(cursor, '"')) throw new Malformed(`the value of label ${label} is not quoted`);
  let value = '';
  for (;;) {
    value += take(cursor, PLAIN_VALUE);
    if (accept(cursor, '"')) return value;
    if (!accept(cursor, '\\')) throw new Malformed(`the value of label ${label} has no end`);
    const escaped = ESCAPES.get(cursor.line.charAt(cursor.at));
    if (escaped === undefined) throw new Malformed(`unknown escape in label ${label}`);
    value += escaped;
    cursor.at += 1;
  }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ['"', '"'],
  ['n', '\n'],
]);

function readValue(word: string): number {
  if (NUMBER.test(word)) return Number(word);
  switch (word.toLowerCase()) {
    case 'nan':
      return Number.NaN;
    case 'inf':
    case '+inf':
      return Number.POSITIVE_INFINITY;
    case '-inf':
      return Number.NEGATIVE_INFINITY;
    default:
      throw new Malformed(word === '' ? 'no value' : 'the value is not a number');
  }
}

/** Takes what the sticky pattern matches at the cursor, '' for nothing. */
function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.line)?.[0] ?? '';
  cursor.at += found.length;
  return found;
}

function accept(cursor: Cursor, char: string): boolean {
  if (cursor.line.charAt(cursor.at) !== char) return false;
  cursor.at += 1;
  return true;
}

function seriesKey(sample: Sample): string {
  if (sample.labels.size === 0) return sample.name;
  const pairs = [...sample.labels].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${sample.name}${JSON.stringify(pairs)}`;
}
