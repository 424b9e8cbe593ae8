import { fail, ok, type Result } from '../../../records/errors.ts';
import {
  type Exposition,
  type ExpositionLimits,
  expositionLimits,
  Malformed,
  type MetricType,
  type Sample,
} from './exposition.ts';
import { readFloat } from './go-float.ts';
import { isBlank, readLabels, readName, skipBlanks, wordEnd, type Cursor } from './text-tokens.ts';

/**
 * Reads the Prometheus text exposition format, version 0.0.4, and accepts exactly what `promtool check metrics`
 * (Prometheus 2.42) does: that is the reader that most people's metrics already pass. The last line must end with
 * a line feed, so a cut body is not taken for a whole one. A series may occur twice (promtool lets it): who needs
 * them distinct asks `seriesKey`. Errors (TR_UPSTREAM_INVALID) name the line. Linear in the text, bounded by
 * `limits` (TR_UPSTREAM_TOO_LARGE beyond `maxChars`).
 */
export function parseTextFormat(
  text: string,
  limits: ExpositionLimits = expositionLimits,
): Result<Exposition> {
  if (text.length > limits.maxChars) {
    return fail('TR_UPSTREAM_TOO_LARGE', `metrics text is longer than ${limits.maxChars}`);
  }
  const families = new Families();
  const samples: Sample[] = [];
  let line = 0;
  let start = 0;
  try {
    while (start < text.length) {
      line += 1;
      const end = text.indexOf('\n', start);
      const cursor = { text, at: skipBlanks(text, start), end: end === -1 ? text.length : end };
      // Blanks may stand at the very end without a line feed.
      if (end === -1 && cursor.at === text.length) break;
      if (end === -1) throw new Malformed('the last line does not end with a line feed');
      if (text.charAt(cursor.at) === '#') readComment(cursor, families);
      else if (cursor.at < end) {
        if (samples.length >= limits.maxSamples) {
          throw new Malformed(`more than ${limits.maxSamples} samples`);
        }
        samples.push(readSample(cursor, families, limits));
      }
      start = end + 1;
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return fail('TR_UPSTREAM_INVALID', `metrics text, line ${line}: ${error.message}`);
  }
  return ok({ samples, types: families.types(), help: families.help() });
}

interface Family {
  name: string;
  type: MetricType | null;
  isDeclared: boolean;
  help: string | null;
}

const SUMMARY_SUFFIX = /_(?:count|sum)$/;
const HISTOGRAM_SUFFIX = /_(?:count|sum|bucket)$/;

/** The families seen so far; `x_sum` belongs to `x` when that is a summary or histogram. */
class Families {
  readonly #byName = new Map<string, Family>();

  find(name: string): Family {
    const known = this.#byName.get(name) ?? this.#parent(name);
    if (known !== undefined) return known;
    const fresh = { name, type: null, isDeclared: false, help: null };
    this.#byName.set(name, fresh);
    return fresh;
  }

  #parent(name: string): Family | undefined {
    const summary = this.#byName.get(name.replace(SUMMARY_SUFFIX, ''));
    if (summary?.type === 'summary') return summary;
    const histogram = this.#byName.get(name.replace(HISTOGRAM_SUFFIX, ''));
    return histogram?.type === 'histogram' ? histogram : undefined;
  }

  help(): Map<string, string> {
    const help = new Map<string, string>();
    for (const one of this.#byName.values()) if (one.help !== null) help.set(one.name, one.help);
    return help;
  }

  /** Those that a TYPE line declared. */
  types(): Map<string, MetricType> {
    const types = new Map<string, MetricType>();
    for (const { name, type, isDeclared } of this.#byName.values()) {
      if (isDeclared && type !== null) types.set(name, type);
    }
    return types;
  }
}

/** `# HELP name text`, `# TYPE name type`; any other comment is passed over. */
function readComment(cursor: Cursor, families: Families): void {
  const { text, end } = cursor;
  const at = skipBlanks(text, cursor.at + 1);
  const keywordEnd = wordEnd(text, at, end);
  const keyword = text.slice(at, keywordEnd);
  if ((keyword !== 'HELP' && keyword !== 'TYPE') || keywordEnd === end) return;
  cursor.at = skipBlanks(text, keywordEnd);
  const name = readName(cursor, true);
  if (cursor.at === end) return;
  if (name === '' || !isBlank(text, cursor.at)) {
    throw new Malformed(`${keyword} without a valid metric name`);
  }
  const family = families.find(name);
  const rest = text.slice(skipBlanks(text, cursor.at), end);
  if (rest === '') return;
  if (keyword === 'HELP') noteHelp(family, rest);
  else noteType(family, rest);
}

function noteHelp(family: Family, help: string): void {
  if (family.help !== null) throw new Malformed(`second HELP of ${family.name}`);
  if (/\\(?![\\n])/.test(help.replaceAll('\\\\', ''))) {
    throw new Malformed(`unknown escape in HELP of ${family.name}`);
  }
  family.help = help;
}

const TYPES: ReadonlyMap<string, MetricType> = new Map([
  ['COUNTER', 'counter'],
  ['GAUGE', 'gauge'],
  ['HISTOGRAM', 'histogram'],
  ['SUMMARY', 'summary'],
  ['UNTYPED', 'untyped'],
  ['GAUGE_HISTOGRAM', 'gaugehistogram'],
]);

function noteType(family: Family, word: string): void {
  if (family.type !== null) {
    throw new Malformed(
      family.isDeclared
        ? `second TYPE of ${family.name}`
        : `TYPE of ${family.name} stands after its samples`,
    );
  }
  // promtool drops backslashes here.
  const type = TYPES.get(word.replaceAll('\\', '').toUpperCase());
  if (type === undefined) {
    const all = [...TYPES.keys()].join(', ').toLowerCase();
    throw new Malformed(`TYPE of ${family.name} is not one of ${all}`);
  }
  family.type = type;
  family.isDeclared = true;
}

function readSample(cursor: Cursor, families: Families, limits: ExpositionLimits): Sample {
  const { text, end } = cursor;
  const name = readName(cursor, true);
  if (name === '') throw new Malformed('no metric name');
  const family = families.find(name);
  family.type ??= 'untyped';
  cursor.at = skipBlanks(text, cursor.at);
  const labels = readLabels(cursor, limits.maxLabels, BOUND_LABELS.get(family.type) ?? null);
  cursor.at = skipBlanks(text, cursor.at);
  const valueEnd = wordEnd(text, cursor.at, end);
  const value = readFloat(text.slice(cursor.at, valueEnd));
  if (value === null) {
    throw new Malformed(cursor.at === end ? 'no value' : 'the value is not a number');
  }
  return { name, labels, value, timestampMs: readTimestamp(text, valueEnd, end) };
}

/** The label of a family that must be a number. */
const BOUND_LABELS: ReadonlyMap<MetricType, string> = new Map([
  ['histogram', 'le'],
  ['summary', 'quantile'],
]);

/** Milliseconds, a whole number of 64 bits. What promtool refuses, blanks after the last word, is refused. */
function readTimestamp(text: string, valueEnd: number, end: number): number | null {
  if (valueEnd === end) return null;
  const at = skipBlanks(text, valueEnd);
  const timestampEnd = wordEnd(text, at, end);
  const word = text.slice(at, timestampEnd);
  if (!/^[+-]?\d{1,400}$/.test(word) || BigInt.asIntN(64, BigInt(word)) !== BigInt(word)) {
    throw new Malformed('the timestamp is not a whole number of milliseconds');
  }
  if (timestampEnd !== end) throw new Malformed('text after the timestamp');
  return Number(word);
}
