/**
 * Paths that take telemetry which machines push: other bodies than JSON, larger ones, and keys that may do nothing else.
 * The names are those that senders have built in (remote-write by custom, OTLP/HTTP by its specification).
 */
const PUSH_PATHS: ReadonlySet<string> = new Set([
  '/api/v1/write',
  '/v1/traces',
  '/v1/metrics',
  '/v1/logs',
]);

export const isPushPath = (path: string): boolean => PUSH_PATHS.has(path);
