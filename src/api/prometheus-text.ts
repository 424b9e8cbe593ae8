/**
 * Writer of the Prometheus text exposition format 0.0.4. A family's lines stay together and its
 * HELP and TYPE come first, as the format demands; values are written so that they read back equal.
 */
export type MetricType = 'counter' | 'gauge' | 'histogram';
export type Labels = Readonly<Record<string, string>>;

export interface Family {
  name: string;
  type: MetricType;
  help: string;
  samples: string[];
}

export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Longest label value that is written; longer ones are cut. */
const MAX_LABEL_CHARS = 128;

const escapeLabel = (value: string): string =>
  value
    .slice(0, MAX_LABEL_CHARS)
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n');

export function formatValue(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}

function formatLabels(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

/** A counter or gauge; a null value is unknown and has no line. */
export function family(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  values: Iterable<{ labels?: Labels; value: number | null }>,
): Family {
  const samples: string[] = [];
  for (const { labels, value } of values) {
    if (value !== null) samples.push(`${name}${formatLabels(labels ?? {})} ${formatValue(value)}`);
  }
  return { name, type, help, samples };
}

/** A histogram from counts per bucket, the last of them above every bound. */
export function histogramFamily(
  name: string,
  help: string,
  bounds: readonly number[],
  values: Iterable<{ labels: Labels; counts: readonly number[]; sum: number }>,
): Family {
  const samples: string[] = [];
  for (const { labels, counts, sum } of values) {
    let cumulative = 0;
    for (const [at, bound] of [...bounds, Infinity].entries()) {
      cumulative += counts[at] ?? 0;
      const all = formatLabels({ ...labels, le: formatValue(bound) });
      samples.push(`${name}_bucket${all} ${cumulative}`);
    }
    samples.push(`${name}_sum${formatLabels(labels)} ${formatValue(sum)}`);
    samples.push(`${name}_count${formatLabels(labels)} ${cumulative}`);
  }
  return { name, type: 'histogram', help, samples };
}

/** The exposition; a family without samples is left out. */
export function renderFamilies(families: readonly Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, type, help, samples }) => {
      const text = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
      return `# HELP ${name} ${text}\n# TYPE ${name} ${type}\n${samples.join('\n')}\n`;
    })
    .join('');
}
