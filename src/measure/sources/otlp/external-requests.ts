import { createHash } from 'node:crypto';
import type { ExternalRequest } from '../../../records/external-request.ts';
import type { Decoded } from '../protobuf/decode-message.ts';
import { list, number, part, text } from '../protobuf/read-decoded.ts';
import { isGenAi, namedFields } from './genai-conventions.ts';
import { type Attributes, attributesOf, nanosToMs, type OtlpItem, plain } from './read-request.ts';

export interface TakenRequests {
  requests: ExternalRequest[];
  /** Items that say nothing of a model: let pass, not kept. */
  others: number;
  /** Items that are not valid, with the first reason. */
  rejected: number;
  firstFault: string | null;
}

type Outcome = ExternalRequest | 'other' | { fault: string };

/** Spans of calls to models become external requests. Attributes without a field of their own are kept. */
export const requestsOfSpans = (items: readonly OtlpItem[], source: string): TakenRequests =>
  collect(items, (one) => requestOfSpan(one, source));

/**
 * Log records and events of the same conventions (`gen_ai.client.inference.operation.details` and those before it). One
 * that carries the ids of its span gets the span's id, so that both are one request; the span, when it comes, wins.
 */
export const requestsOfLogs = (items: readonly OtlpItem[], source: string): TakenRequests =>
  collect(items, (one) => requestOfLog(one, source));

function collect(items: readonly OtlpItem[], read: (item: OtlpItem) => Outcome): TakenRequests {
  const taken: TakenRequests = { requests: [], others: 0, rejected: 0, firstFault: null };
  for (const one of items) {
    const outcome = read(one);
    if (outcome === 'other') taken.others += 1;
    else if ('fault' in outcome) {
      taken.rejected += 1;
      taken.firstFault ??= `${one.path}.${outcome.fault}`;
    } else taken.requests.push(outcome);
  }
  return taken;
}

const isId = (id: string, digits: number): boolean =>
  id.length === digits && /^[0-9a-f]*[1-9a-f][0-9a-f]*$/i.test(id);

function requestOfSpan({ item, resource, scope }: OtlpItem, source: string): Outcome {
  const attributes = attributesOf(item);
  const traceId = text(item, 'traceId').toLowerCase();
  const spanId = text(item, 'spanId').toLowerCase();
  if (!isId(traceId, 32)) return { fault: 'traceId: 32 hex digits, not all 0, are asked for' };
  if (!isId(spanId, 16)) return { fault: 'spanId: 16 hex digits, not all 0, are asked for' };
  const startedAtMs = nanosToMs(item['startTimeUnixNano']);
  if (startedAtMs === null) return { fault: 'startTimeUnixNano: is missing' };
  if (!isGenAi(attributes)) return 'other';
  const status = part(item, 'status') ?? {};
  const fields = namedFields(attributes);
  const events = list(item, 'events').map((one) => ({
    name: text(one, 'name'),
    attributes: attributesOf(one),
  }));
  return {
    ...common(source, resource),
    ...fields,
    id: `${traceId}-${spanId}`,
    startedAtMs,
    endedAtMs: nanosToMs(item['endTimeUnixNano']),
    // 2 is STATUS_CODE_ERROR.
    isError: number(status, 'code') === 2 || fields.errorType !== null,
    attributes: {
      ...fields.attributes,
      ...prefixed('resource.', resource),
      'span.name': text(item, 'name'),
      ...(text(item, 'parentSpanId') === '' ? {} : { 'span.parent': text(item, 'parentSpanId') }),
      ...(scope.name === '' ? {} : { 'scope.name': scope.name }),
      ...(events.length === 0 ? {} : { 'span.events': events }),
      ...(text(status, 'message') === '' ? {} : { 'status.message': text(status, 'message') }),
    },
  };
}

function requestOfLog({ item, resource, scope }: OtlpItem, source: string): Outcome {
  const attributes = attributesOf(item);
  const body = plain(part(item, 'body'));
  if (!isGenAi(attributes)) return 'other';
  const atMs = nanosToMs(item['timeUnixNano']) ?? nanosToMs(item['observedTimeUnixNano']);
  if (atMs === null) return { fault: 'timeUnixNano: is missing' };
  const fields = namedFields(attributes);
  const name = text(item, 'eventName') || text(attributes, 'event.name');
  return {
    ...common(source, resource),
    ...fields,
    id: idOfLog(item, attributes, atMs),
    startedAtMs: atMs,
    endedAtMs: null,
    isError: fields.errorType !== null,
    attributes: {
      ...fields.attributes,
      ...prefixed('resource.', resource),
      ...(name === '' ? {} : { 'event.name': name }),
      ...(body === null ? {} : { 'log.body': body }),
      ...(scope.name === '' ? {} : { 'scope.name': scope.name }),
    },
  };
}

function idOfLog(item: Decoded, attributes: Attributes, atMs: number): string {
  const traceId = text(item, 'traceId').toLowerCase();
  const spanId = text(item, 'spanId').toLowerCase();
  if (isId(traceId, 32) && isId(spanId, 16)) return `${traceId}-${spanId}`;
  const content = JSON.stringify([atMs, attributes]);
  return `log-${createHash('sha256').update(content).digest('hex').slice(0, 32)}`;
}

const common = (source: string, resource: Attributes) => {
  const service = resource['service.name'];
  return { v: 1, source, service: typeof service === 'string' ? service : null } as const;
};

const prefixed = (prefix: string, attributes: Attributes): Record<string, unknown> =>
  Object.fromEntries(Object.entries(attributes).map(([key, value]) => [prefix + key, value]));
