import { isUtf8 } from 'node:buffer';
import { fail, type Result } from '../../../records/errors.ts';
import { type Exposition, type ExpositionLimits, expositionLimits } from './exposition.ts';
import { parseOpenMetrics } from './open-metrics.ts';
import { parseProtobufFormat } from './protobuf-format.ts';
import { parseTextFormat } from './text-format.ts';

/** What a scrape asks for. Text comes first: a fault in it can be shown to people, with its line. */
export const EXPOSITION_ACCEPT =
  'application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.7,' +
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.4,*/*;q=0.1';

/**
 * Reads the body of a scrape in the format that its Content-Type names; anything unknown is taken for text 0.0.4,
 * as Prometheus does. Errors as those of the readers, and TR_UPSTREAM_INVALID for text that is not UTF-8.
 */
export function parseExposition(
  body: Uint8Array,
  contentType: string,
  limits: ExpositionLimits = expositionLimits,
): Result<Exposition> {
  if (/^application\/vnd\.google\.protobuf\b/i.test(contentType)) {
    return parseProtobufFormat(body, limits);
  }
  if (!isUtf8(body)) {
    const line = badLine(body);
    if (line !== null) {
      return fail('TR_UPSTREAM_INVALID', `metrics text, line ${line}: not UTF-8`);
    }
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
  return /^application\/openmetrics-text\b/i.test(contentType)
    ? parseOpenMetrics(text, limits)
    : parseTextFormat(text, limits);
}

const HASH = 35;
const LINE_FEED = 10;

/** The first line that is not UTF-8 and no comment: people write names with accents into HELP. */
function badLine(body: Uint8Array): number | null {
  let line = 0;
  for (let start = 0; start < body.length;) {
    line += 1;
    const end = body.indexOf(LINE_FEED, start);
    const bytes = body.subarray(start, end === -1 ? body.length : end);
    if (bytes[0] !== HASH && !isUtf8(bytes)) return line;
    if (end === -1) return null;
    start = end + 1;
  }
  return null;
}
