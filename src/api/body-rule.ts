import { VENDOR_LIMITS } from '../govern/vendors/vendor-records.ts';
import { CSV_LIMITS } from '../govern/vendors/answers-csv.ts';
import { isFillInPath } from './vendor-page/fill-in-path.ts';

/** Where profiler traces are brought. */
const TRACES_PATH = '/api/v1/traces';

/** What a posted body must be: its media type, in words too, and its size. */
export interface BodyRule {
  type: RegExp;
  send: string;
  maxBytes: number;
}

/** Largest JSON body of any request to the control API. */
export const MAX_BODY_BYTES = 65_536;
/** Fields beside a file in one form. */
const FORM_BYTES = 65_536;
/** All answers of a questionnaire at their longest are some 400 KB; escaping triples letters beyond ASCII. */
const FILL_IN_BYTES = 1_572_864;

const jsonRule: BodyRule = {
  type: /^application\/json(?:\s*;|$)/i,
  send: 'JSON as `application/json`',
  maxBytes: MAX_BODY_BYTES,
};
const csvRule: BodyRule = {
  type: /^text\/csv(?:\s*;|$)/i,
  send: 'CSV as `text/csv`',
  maxBytes: CSV_LIMITS.bytes,
};
const bytesRule: BodyRule = {
  type: /^application\/octet-stream(?:\s*;|$)/i,
  send: 'the file as `application/octet-stream`',
  maxBytes: VENDOR_LIMITS.documentBytes,
};
const traceRule: BodyRule = {
  type: /^application\/(?:json|gzip|x-gzip|octet-stream)(?:\s*;|$)/i,
  send: 'the trace as `application/json` or `application/gzip`',
  // Its route bounds it by traces.maxUploadBytes while it writes it down, and never holds it.
  maxBytes: Infinity,
};
const formRule: BodyRule = {
  type: /^application\/x-www-form-urlencoded(?:\s*;|$)/i,
  send: 'the form of the page',
  maxBytes: FILL_IN_BYTES,
};
const fileRule: BodyRule = {
  type: /^multipart\/form-data\s*;/i,
  send: 'the form of the page',
  maxBytes: VENDOR_LIMITS.documentBytes + FORM_BYTES,
};

/**
 * The rule of a path. Bodies are JSON unless said here; the type is asked for so that no plain form of another
 * page can post to the API.
 */
export function bodyRule(path: string): BodyRule {
  if (isFillInPath(path)) return path.endsWith('/documents') ? fileRule : formRule;
  if (path === TRACES_PATH) return traceRule;
  if (!path.startsWith('/api/v1/vendors/')) return jsonRule;
  if (path.endsWith('/answers.csv')) return csvRule;
  return path.endsWith('/documents') ? bytesRule : jsonRule;
}
