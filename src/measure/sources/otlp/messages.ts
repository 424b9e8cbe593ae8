import type { Message } from '../protobuf/decode-message.ts';
import { message } from '../protobuf/message.ts';

/**
 * OTLP 1.x requests (https://github.com/open-telemetry/opentelemetry-proto), decoded into the shape of OTLP/JSON:
 * lowerCamelCase names, ids in hex, 64-bit integers as decimal text.
 */
const anyValue: Message = message(
  `
  1 stringValue string
  2 boolValue bool
  3 intValue int
  4 doubleValue double
  5 arrayValue array
  6 kvlistValue kvlist
  7 bytesValue base64`,
  { array: () => arrayValue, kvlist: () => kvlist },
);
const arrayValue: Message = message('1 values value*', { value: () => anyValue });
const keyValue: Message = message(
  `
  1 key string
  2 value value`,
  { value: () => anyValue },
);
const kvlist: Message = message('1 values kv*', { kv: () => keyValue });
const resource = message('1 attributes kv*', { kv: () => keyValue });
const scope = message(
  `
  1 name string
  2 version string
  3 attributes kv*`,
  { kv: () => keyValue },
);

/** `resourceX` > `scopeX` > items, the same for all three signals. */
const request = (signal: string, items: string, item: Message): Message => {
  const scoped = message(
    `
    1 scope scope
    2 ${items} item*`,
    { scope: () => scope, item: () => item },
  );
  const perResource = message(
    `
    1 resource resource
    2 scope${signal} scoped*`,
    { resource: () => resource, scoped: () => scoped },
  );
  return message(`1 resource${signal} per*`, { per: () => perResource });
};

const event = message(
  `
  1 timeUnixNano fixed64
  2 name string
  3 attributes kv*`,
  { kv: () => keyValue },
);
const status = message(`
  2 message string
  3 code int`);
const span = message(
  `
  1 traceId hex
  2 spanId hex
  4 parentSpanId hex
  5 name string
  6 kind int
  7 startTimeUnixNano fixed64
  8 endTimeUnixNano fixed64
  9 attributes kv*
  11 events event*
  15 status status`,
  { kv: () => keyValue, event: () => event, status: () => status },
);
export const traceRequest = request('Spans', 'spans', span);

const logRecord = message(
  `
  1 timeUnixNano fixed64
  5 body value
  6 attributes kv*
  9 traceId hex
  10 spanId hex
  11 observedTimeUnixNano fixed64
  12 eventName string`,
  { kv: () => keyValue, value: () => anyValue },
);
export const logsRequest = request('Logs', 'logRecords', logRecord);

const numberPoint = message(
  `
  3 timeUnixNano fixed64
  4 asDouble double
  6 asInt sfixed64
  7 attributes kv*
  8 flags int`,
  { kv: () => keyValue },
);
const histogramPoint = message(
  `
  3 timeUnixNano fixed64
  4 count fixed64
  5 sum double
  9 attributes kv*
  10 flags int`,
  { kv: () => keyValue },
);
const exponentialPoint = message(
  `
  1 attributes kv*
  3 timeUnixNano fixed64
  4 count fixed64
  5 sum double
  10 flags int`,
  { kv: () => keyValue },
);
const summaryPoint = message(
  `
  3 timeUnixNano fixed64
  4 count fixed64
  5 sum double
  7 attributes kv*
  8 flags int`,
  { kv: () => keyValue },
);
const points = (of: Message): Message =>
  message(
    `
    1 dataPoints point*
    2 aggregationTemporality int
    3 isMonotonic bool`,
    { point: () => of },
  );
const metric = message(
  `
  1 name string
  3 unit string
  5 gauge gauge
  7 sum gauge
  9 histogram histogram
  10 exponentialHistogram exponential
  11 summary summary`,
  {
    gauge: () => points(numberPoint),
    histogram: () => points(histogramPoint),
    exponential: () => points(exponentialPoint),
    summary: () => points(summaryPoint),
  },
);
export const metricsRequest = request('Metrics', 'metrics', metric);
