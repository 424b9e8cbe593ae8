import { fail, ok, type Result } from '../../../records/errors.ts';
import {
  type Exposition,
  type ExpositionLimits,
  expositionLimits,
  Malformed,
  type MetricType,
  type Sample,
  seriesKey,
} from './exposition.ts';
import {
  checkHistograms,
  checkSample,
  groupOf,
  isEarlier,
  sameTime,
} from './open-metrics-checks.ts';
import {
  isLegacyName,
  type OpenMetricsSample,
  readSampleLine,
  type Timestamp,
  toMs,
  unescapeQuoted,
} from './open-metrics-line.ts';

const SUFFIXES = {
  counter: ['_total', '_created'],
  summary: ['', '_count', '_sum', '_created'],
  histogram: ['_count', '_sum', '_bucket', '_created'],
  gaugehistogram: ['_gcount', '_gsum', '_bucket'],
  info: ['_info'],
  gauge: [''],
  stateset: [''],
  unknown: [''],
} as const;
export type OpenMetricsType = keyof typeof SUFFIXES;

const isType = (word: string): word is OpenMetricsType => Object.hasOwn(SUFFIXES, word);

/**
 * Reads OpenMetrics text 1.0
 * (https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md) with exemplars, quoted UTF-8
 * names and the text form of native histograms. What is accepted is what prometheus_client 0.26 accepts, but for
 * the slips listed in docs/sources.md. Errors (TR_UPSTREAM_INVALID) name the line; a text that does not end with
 * `# EOF` is cut, and refused. Bounded by `limits` (TR_UPSTREAM_TOO_LARGE beyond `maxChars`).
 */
export function parseOpenMetrics(
  text: string,
  limits: ExpositionLimits = expositionLimits,
): Result<Exposition> {
  if (text.length > limits.maxChars) {
    return fail('TR_UPSTREAM_TOO_LARGE', `metrics text is longer than ${limits.maxChars}`);
  }
  const reader = new Reader(limits);
  let line = 0;
  try {
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    for (const one of lines) {
      line += 1;
      reader.take(one);
    }
    reader.finish();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return fail('TR_UPSTREAM_INVALID', `OpenMetrics text, line ${line}: ${error.message}`);
  }
  return ok({ samples: reader.samples, types: reader.types, help: reader.help });
}

interface Family {
  name: string;
  type: OpenMetricsType | null;
  unit: string | null;
  help: string | null;
  samples: OpenMetricsSample[];
  sampleNames: ReadonlySet<string>;
  group: string | null;
  at: Timestamp | null;
  groups: Set<string>;
  /** Series of the present group and moment: what comes twice there is dropped. */
  series: Set<string>;
}

const newFamily = (name: string, type: OpenMetricsType | null): Family => ({
  name,
  type,
  unit: null,
  help: null,
  samples: [],
  sampleNames: new Set([name]),
  group: null,
  at: null,
  groups: new Set(),
  series: new Set(),
});

class Reader {
  readonly samples: Sample[] = [];
  readonly types = new Map<string, MetricType>();
  readonly help = new Map<string, string>();
  readonly #limits: ExpositionLimits;
  readonly #names = new Set<string>();
  #family: Family | null = null;
  #ended = false;

  constructor(limits: ExpositionLimits) {
    this.#limits = limits;
  }

  take(line: string): void {
    if (this.#ended) throw new Malformed('text after # EOF');
    if (line === '') throw new Malformed('a blank line');
    if (line === '# EOF') this.#ended = true;
    else if (line.startsWith('#')) this.#takeMetadata(line);
    else this.#takeSample(line);
  }

  finish(): void {
    this.#close();
    if (!this.#ended) throw new Malformed('the text does not end with # EOF');
  }

  #takeMetadata(line: string): void {
    const [, keyword, word, text] =
      /^#[^ "]* +([^ ]+) +("(?:[^"\\]|\\.)*"|[^ ]+) +(.*)$/s.exec(line) ?? [];
    if (keyword === undefined || word === undefined || text === undefined) {
      throw new Malformed('neither # HELP, # TYPE nor # UNIT with a name and a text');
    }
    const name = readFamilyName(word);
    if (this.#family?.name !== name) {
      this.#close();
      this.#family = newFamily(name, null);
    } else if (this.#family.samples.length > 0) {
      throw new Malformed(`${keyword} of ${name} stands after its samples`);
    }
    noteMetadata(this.#family, keyword, text);
  }

  #takeSample(line: string): void {
    const mayBeNative = this.#family?.type === 'histogram';
    const sample = readSampleLine(line, { maxLabels: this.#limits.maxLabels, mayBeNative });
    if (this.samples.length >= this.#limits.maxSamples) {
      throw new Malformed(`more than ${this.#limits.maxSamples} samples`);
    }
    const family = this.#familyOf(sample);
    checkSample(family, sample);
    if (sample.histogram === null && !place(family, sample)) return;
    family.samples.push(sample);
    this.samples.push(toSample(sample));
  }

  #familyOf(sample: OpenMetricsSample): Family {
    const family = this.#family;
    if (family !== null && sample.histogram !== null) {
      if (SUFFIXES.histogram.some((suffix) => sample.name.endsWith(suffix))) {
        throw new Malformed(`the name of native histogram ${sample.name} has a suffix`);
      }
      return family;
    }
    if (family?.sampleNames.has(sample.name)) return family;
    if (sample.isNameInBraces && !isLegacyName(sample.name)) {
      throw new Malformed(`${sample.name} has no TYPE or HELP before it`);
    }
    this.#close();
    this.#family = newFamily(sample.name, 'unknown');
    return this.#family;
  }

  /** Checks what can only be told once the family's last sample is there. */
  #close(): void {
    const family = this.#family;
    if (family === null) return;
    const type = family.type ?? 'unknown';
    for (const suffix of new Set<string>([...SUFFIXES[type], ''])) {
      const name = family.name + suffix;
      if (this.#names.has(name)) throw new Malformed(`the name ${name} belongs to two families`);
      this.#names.add(name);
    }
    if (family.unit !== null && family.unit !== '') {
      if (!family.name.endsWith(`_${family.unit}`)) {
        throw new Malformed(`the name of ${family.name} does not end with its unit`);
      }
      if (type === 'info' || type === 'stateset') throw new Malformed(`${type} has a unit`);
    }
    if (type === 'histogram' || type === 'gaugehistogram') checkHistograms(family, family.samples);
    if (family.type !== null) {
      this.types.set(family.name, type === 'unknown' ? 'untyped' : type);
    }
    if (family.help !== null) this.help.set(family.name, family.help);
    this.#family = null;
  }
}

function readFamilyName(word: string): string {
  const isQuoted = word.startsWith('"');
  if (isQuoted && (word.length < 2 || !word.endsWith('"'))) {
    throw new Malformed('a quoted name has no end');
  }
  const name = unescapeQuoted(isQuoted ? word.slice(1, -1) : word);
  if (name === '' || (!isQuoted && !isLegacyName(name)))
    throw new Malformed('no valid metric name');
  return name;
}

function noteMetadata(family: Family, keyword: string, text: string): void {
  const second = (isKnown: boolean): void => {
    if (isKnown) throw new Malformed(`second ${keyword} of ${family.name}`);
  };
  switch (keyword) {
    case 'HELP':
      second(family.help !== null);
      family.help = text;
      return;
    case 'UNIT':
      second(family.unit !== null);
      family.unit = text;
      return;
    case 'TYPE':
      second(family.type !== null);
      if (!isType(text)) {
        const all = Object.keys(SUFFIXES).join(', ');
        throw new Malformed(`TYPE of ${family.name} is not one of ${all}`);
      }
      family.type = text;
      family.sampleNames = new Set(SUFFIXES[text].map((suffix) => family.name + suffix));
      return;
    default:
      throw new Malformed('a comment that is neither HELP, TYPE nor UNIT');
  }
}

/** Puts a sample in its group; false when it is a repetition to be dropped. Groups must not interleave. */
function place(family: Family, sample: OpenMetricsSample): boolean {
  const group = groupOf(family, sample);
  const { timestamp } = sample;
  if (family.group === group) {
    if ((family.at === null) !== (timestamp === null)) {
      throw new Malformed(`${family.name} has samples with and without timestamps`);
    }
    const backwards = family.at !== null && timestamp !== null && isEarlier(timestamp, family.at);
    if (backwards && family.type !== 'info') {
      throw new Malformed(`timestamps of ${family.name} go backwards`);
    }
  } else {
    if (family.groups.has(group)) throw new Malformed(`samples of ${family.name} are interleaved`);
    family.series.clear();
  }
  const key = seriesKey(sample);
  const isNew = !sameTime(family.at, timestamp) || !family.series.has(key);
  family.series.add(key);
  family.group = group;
  family.at = timestamp;
  family.groups.add(group);
  return isNew;
}

function toSample(sample: OpenMetricsSample): Sample {
  const { name, labels, value, timestamp, exemplar, histogram } = sample;
  return {
    name,
    labels,
    value,
    timestampMs: timestamp === null ? null : toMs(timestamp),
    ...(exemplar === null ? {} : { exemplar }),
    ...(histogram === null ? {} : { histogram }),
  };
}
