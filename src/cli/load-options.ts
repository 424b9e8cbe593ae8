import { TailraceError } from '../records/errors.ts';
import type { TokenRange } from '../plan/load/arrivals.ts';
import { MAX_TRACE_TOKENS } from '../records/traces/trace-row.ts';
import type { CommandContext, Option, OptionValues } from './command.ts';
import { parseDuration } from '../records/duration.ts';
import { textValue, textValues } from './option-values.ts';

/** Bounds of one run that no option lifts: what one client process can do honestly. */
export const LOAD_CAPS = {
  requests: 1_000_000,
  durationMs: 24 * 3_600_000,
  ratePerS: 10_000,
  connections: 10_000,
  inFlight: 50_000,
  speed: 1_000,
} as const;

/** Options that `replay` and `load` share. */
export const loadOptions: Record<string, Option> = {
  target: {
    type: 'string',
    short: 't',
    value: 'URL',
    description: 'where to send (default: the running instance); loopback unless --allow-remote',
  },
  key: {
    type: 'string',
    value: 'KEY',
    description:
      'API key (default: $TAILRACE_KEY, else a key made for this run at the running instance)',
  },
  model: {
    type: 'string',
    short: 'm',
    value: 'NAME',
    description: "model to ask for (default: the service's first, or the first the target lists)",
  },
  service: {
    type: 'string',
    value: 'NAME',
    description: 'service of the running instance to ask, by its first model',
  },
  'max-duration': {
    type: 'string',
    value: '1h',
    description: 'stop sending after this real time (default 1h, at most 24h)',
  },
  connections: {
    type: 'string',
    value: 'N',
    description: 'sockets at most; waiting for one counts as latency (default 1024)',
  },
  'max-in-flight': {
    type: 'string',
    value: 'N',
    description: 'requests under way at most; arrivals beyond are not sent (default 10000)',
  },
  timeout: {
    type: 'string',
    value: '10m',
    description: 'give up a request after this (default 10m)',
  },
  'allow-remote': {
    type: 'boolean',
    description: 'permit a target that is not this machine; it must be yours',
  },
  'engine-metrics': {
    type: 'string',
    value: 'URL',
    multiple: true,
    description:
      "also compare with an engine's own /metrics, which nothing else may use meanwhile; auto: " +
      "the instance's simulated engines",
  },
  'skip-reconcile': {
    type: 'boolean',
    description: 'do not compare with the ledger of the running instance',
  },
  json: { type: 'boolean', description: 'print the summary as JSON' },
};

export interface LoadSettings {
  key: string | null;
  model: string | null;
  service: string | null;
  maxDurationMs: number;
  connections: number;
  maxInFlight: number;
  requestTimeoutMs: number;
  allowRemote: boolean;
  engineMetrics: string[];
  reconcile: boolean;
  json: boolean;
}

/** Reads the shared options; TR_USAGE names the one at fault. */
export function loadSettings({ values, env }: CommandContext): LoadSettings {
  const key = textValue(values, 'key') ?? env['TAILRACE_KEY'] ?? '';
  return {
    key: key === '' ? null : key,
    model: textValue(values, 'model') ?? null,
    service: textValue(values, 'service') ?? null,
    maxDurationMs: durationOption(values, 'max-duration', '1h'),
    connections: wholeOption(values, 'connections', 1024, LOAD_CAPS.connections),
    maxInFlight: wholeOption(values, 'max-in-flight', 10_000, LOAD_CAPS.inFlight),
    requestTimeoutMs: durationOption(values, 'timeout', '10m'),
    allowRemote: values['allow-remote'] === true,
    engineMetrics: textValues(values, 'engine-metrics'),
    reconcile: values['skip-reconcile'] !== true,
    json: values['json'] === true,
  };
}

/** A whole number from 1 to `max`. */
export function wholeOption(
  values: OptionValues,
  name: string,
  fallback: number,
  max: number,
): number {
  const text = textValue(values, name);
  if (text === undefined) return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= max) return value;
  throw usage(name, `takes a whole number from 1 to ${max}, not "${text}"`);
}

/** A number above 0 and up to `max`; null when the option is absent. */
export function positiveOption(values: OptionValues, name: string, max: number): number | null {
  const text = textValue(values, name);
  if (text === undefined) return null;
  const value = /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : 0;
  if (value > 0 && value <= max) return value;
  throw usage(name, `takes a number above 0 and up to ${max}, not "${text}"`);
}

/** A duration such as `60s`, up to the cap; milliseconds. */
export function durationOption(values: OptionValues, name: string, fallback: string): number {
  const text = textValue(values, name) ?? fallback;
  const parsed = parseDuration(text);
  if (!parsed.ok) throw usage(name, parsed.error.message);
  if (parsed.value <= LOAD_CAPS.durationMs) return parsed.value;
  throw usage(name, `is at most 24h, not ${text}`);
}

/** `512` or `128-2048`. */
export function rangeOption(values: OptionValues, name: string, fallback: TokenRange): TokenRange {
  const text = textValue(values, name);
  if (text === undefined) return fallback;
  const match = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(text);
  const min = Number(match?.[1] ?? 0);
  const max = Number(match?.[2] ?? min);
  if (min >= 1 && max >= min && max <= MAX_TRACE_TOKENS) return { min, max };
  throw usage(name, `takes a count such as 512 or a range such as 128-2048, not "${text}"`);
}

export const usage = (option: string, problem: string): TailraceError =>
  new TailraceError('TR_USAGE', `--${option} ${problem}`, { field: option });
