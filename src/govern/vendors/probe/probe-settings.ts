import { fail, ok, type Result } from '../../../records/errors.ts';

/** What a probe is told. It never sends more than `requests`, faster than `perSecond`, or for more than `maxUsd`. */
export interface ProbeSettings {
  /** Base of the OpenAI dialect, as https://api.example/v1. */
  endpoint: string;
  model: string;
  key: string | null;
  requests: number;
  perSecond: number;
  maxTokens: number;
  /** US dollars per million tokens; null: not told, then no cost can be bounded but by tokens. */
  prices: { usdPerMillionInput: number; usdPerMillionOutput: number } | null;
  maxUsd: number | null;
  timeoutMs: number;
}

export const PROBE_BOUNDS = {
  requests: { least: 40, most: 199, usual: 160 },
  perSecond: { least: 0.1, most: 20, usual: 4 },
  maxTokens: { least: 16, most: 64, usual: 24 },
  timeoutMs: 30_000,
} as const;

/** Checks the bounds; TR_FIELD_INVALID names the field and what it takes. */
export function probeSettings(
  asked: Pick<ProbeSettings, 'endpoint' | 'model'> & Partial<ProbeSettings>,
): Result<ProbeSettings> {
  const url = URL.canParse(asked.endpoint) ? new URL(asked.endpoint) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return refuse('endpoint', 'is an http(s) URL such as https://api.example/v1');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return refuse('endpoint', 'must hold neither key, query nor fragment');
  }
  if (!/^[^\p{Cc}]{1,200}$/u.test(asked.model)) return refuse('model', 'is 1 to 200 characters');
  const key = asked.key ?? null;
  if (key !== null && !/^[\u0021-\u007E]{1,1000}$/.test(key)) {
    return refuse('key', 'is ASCII without spaces');
  }
  const settings: ProbeSettings = {
    endpoint: url.href.replace(/\/+$/, ''),
    model: asked.model,
    key,
    requests: asked.requests ?? PROBE_BOUNDS.requests.usual,
    perSecond: asked.perSecond ?? PROBE_BOUNDS.perSecond.usual,
    maxTokens: asked.maxTokens ?? PROBE_BOUNDS.maxTokens.usual,
    prices: asked.prices ?? null,
    maxUsd: asked.maxUsd ?? null,
    timeoutMs: asked.timeoutMs ?? PROBE_BOUNDS.timeoutMs,
  };
  for (const field of ['requests', 'perSecond', 'maxTokens'] as const) {
    const { least, most } = PROBE_BOUNDS[field];
    const value = settings[field];
    const isWhole = field === 'perSecond' || Number.isInteger(value);
    if (!isWhole || !(value >= least && value <= most)) {
      return refuse(field, `is ${least} to ${most}, not ${value}`);
    }
  }
  if (settings.maxUsd !== null && settings.prices === null) {
    return refuse('maxUsd', 'needs the prices of a million tokens in and out');
  }
  return ok(settings);
}

const refuse = (field: string, message: string): Result<never> =>
  fail('TR_FIELD_INVALID', `${field} ${message}`, { field });
