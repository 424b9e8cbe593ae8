import type { Decoded } from '../protobuf/decode-message.ts';
import { list, number, part, text } from '../protobuf/read-decoded.ts';
import type { Reading } from '../series-tracker.ts';
import { type Attributes, attributesOf, nanosToMs, type OtlpItem } from './read-request.ts';

/** AGGREGATION_TEMPORALITY_DELTA */
const DELTA = 1;
/** DataPointFlags FLAG_NO_RECORDED_VALUE: the series has ended. */
const NO_VALUE = 1;
const MAX_DELTA_SERIES = 100_000;

/** Names that OpenTelemetry has for labels that the mapping looks for. */
const LABELS: ReadonlyMap<string, string> = new Map([
  ['k8s.node.name', 'node'],
  ['host.name', 'hostname'],
  ['k8s.pod.name', 'pod'],
  ['k8s.namespace.name', 'namespace'],
  ['k8s.container.name', 'container'],
]);

/**
 * Points of OTLP metrics as readings. Histograms and summaries give `_sum` and `_count`. Sums that say only what was
 * added since the last point (delta) are added up here, so the state of this reader belongs to one process.
 */
export class MetricReader {
  readonly #totals = new Map<string, number>();

  *readings(items: readonly OtlpItem[]): Iterable<Reading> {
    for (const { item, resource } of items) {
      const name = text(item, 'name');
      for (const kind of ['gauge', 'sum'] as const) {
        const data = part(item, kind);
        if (data === null) continue;
        for (const point of list(data, 'dataPoints')) {
          const value = number(point, 'asDouble') ?? number(point, 'asInt');
          if (value !== null) yield this.#reading(name, value, point, data, resource);
        }
      }
      for (const kind of ['histogram', 'exponentialHistogram', 'summary'] as const) {
        const data = part(item, kind);
        if (data !== null) yield* this.#sumAndCount(name, data, resource);
      }
    }
  }

  *#sumAndCount(name: string, data: Decoded, resource: Attributes): Iterable<Reading> {
    for (const point of list(data, 'dataPoints')) {
      const sum = number(point, 'sum');
      const count = number(point, 'count');
      if (sum !== null) yield this.#reading(`${name}_sum`, sum, point, data, resource);
      if (count !== null) yield this.#reading(`${name}_count`, count, point, data, resource);
    }
  }

  #reading(
    name: string,
    value: number,
    point: Decoded,
    data: Decoded,
    resource: Attributes,
  ): Reading {
    const labels = labelsOf(resource, attributesOf(point));
    const timestampMs = nanosToMs(point['timeUnixNano']);
    if (((number(point, 'flags') ?? 0) & NO_VALUE) !== 0) {
      return { name, labels, value: 'stale', timestampMs };
    }
    const isDelta = number(data, 'aggregationTemporality') === DELTA;
    return { name, labels, value: isDelta ? this.#total(name, labels, value) : value, timestampMs };
  }

  #total(name: string, labels: ReadonlyMap<string, string>, added: number): number {
    const key = `${name}\n${[...labels].map(([label, value]) => `${label}\t${value}`).join('\n')}`;
    const total = (this.#totals.get(key) ?? 0) + added;
    // Beyond the bound the oldest starts anew, which reads as a reset.
    const oldest = this.#totals.keys().next().value;
    if (this.#totals.size >= MAX_DELTA_SERIES && oldest !== undefined) this.#totals.delete(oldest);
    this.#totals.delete(key);
    this.#totals.set(key, total);
    return total;
  }
}

/** The point's own attributes win over the resource's. */
function labelsOf(resource: Attributes, own: Attributes): Map<string, string> {
  const labels = new Map<string, string>();
  for (const [name, value] of [...Object.entries(resource), ...Object.entries(own)]) {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      continue;
    labels.set(LABELS.get(name) ?? name, `${value}`);
  }
  return labels;
}
