import type { EngineConfig } from '../../config/schema.ts';
import type { Clock } from '../../records/clock.ts';
import type { EngineSample } from '../../records/engine-sample.ts';
import { type Exposition, seriesKey } from './exposition/exposition.ts';
import { parseTextFormat } from './exposition/text-format.ts';
import { createIntervalReader, type IntervalReader } from './vllm-interval.ts';
import type { Source } from './source.ts';

export type Fetch = (
  url: string,
  init: { signal: AbortSignal; headers: Record<string, string>; redirect: 'error' },
) => Promise<Response>;

const SCRAPE_TIMEOUT_MS = 5_000;
/** One engine's page is tens of kilobytes. */
const MAX_BYTES = 8_388_608;

/**
 * Where an engine's Prometheus metrics are: its metricsUrl, else `/metrics` at the root of its URL
 * (vLLM and SGLang). Null for a public API, which has none.
 */
export function metricsUrlOf(engine: EngineConfig): string | null {
  if (engine.metricsUrl !== undefined) return engine.metricsUrl;
  if (engine.url === undefined || engine.cost?.basis === 'api') return null;
  return new URL('/metrics', engine.url).href;
}

/**
 * Samples a vLLM-compatible engine. `up` is false when it could not be reached, timed out or
 * answered 5xx; an engine that answers without usable metrics is up and its state unknown. Redirects
 * are not followed, the reply is bounded, and the engine's API key is never sent here.
 * An engine without a metrics address (a public API) is taken to be up, all else unknown.
 */
export function createScraper(deps: {
  engine: EngineConfig;
  clock: Clock;
  fetch: Fetch;
  timeoutMs?: number;
}): Source {
  const { engine, clock } = deps;
  const url = metricsUrlOf(engine);
  const reader = createIntervalReader(engine);
  let lastMonoMs = clock.monoMs();
  return {
    engine: engine.name,
    async scrape() {
      const reply = url === null ? NO_METRICS : await ask(url, deps);
      const nowMonoMs = clock.monoMs();
      // The length is monotonic: a step of the wall clock must not stretch an interval.
      const lengthMs = Math.max(0, nowMonoMs - lastMonoMs);
      lastMonoMs = nowMonoMs;
      return toSample(engine, reader, reply, { toMs: clock.wallMs(), lengthMs });
    },
  };
}

/** text is null where there is nothing to parse. */
interface MetricsReply {
  up: boolean;
  text: string | null;
}

const NO_METRICS: MetricsReply = { up: true, text: null };
const DOWN: MetricsReply = { up: false, text: null };

function toSample(
  engine: EngineConfig,
  reader: IntervalReader,
  reply: MetricsReply,
  interval: { toMs: number; lengthMs: number },
): EngineSample {
  const state = reader.read(usable(reply.text), interval.lengthMs / 1000);
  return {
    engine: engine.name,
    fromMs: interval.toMs - interval.lengthMs,
    toMs: interval.toMs,
    up: reply.up,
    ...state,
  };
}

/** Null where there is nothing to read, or where a series occurs twice: sums over ranks would count it double. */
function usable(text: string | null): Exposition | null {
  const parsed = text === null ? null : parseTextFormat(text);
  if (parsed?.ok !== true) return null;
  const { samples } = parsed.value;
  return new Set(samples.map(seriesKey)).size === samples.length ? parsed.value : null;
}

async function ask(url: string, deps: { fetch: Fetch; timeoutMs?: number }): Promise<MetricsReply> {
  try {
    const response = await deps.fetch(url, {
      signal: AbortSignal.timeout(deps.timeoutMs ?? SCRAPE_TIMEOUT_MS),
      headers: { accept: 'text/plain;version=0.0.4' },
      redirect: 'error',
    });
    if (!response.ok) {
      await response.body?.cancel();
      return response.status >= 500 ? DOWN : NO_METRICS;
    }
    return { up: true, text: await boundedText(response, MAX_BYTES) };
  } catch {
    return DOWN;
  }
}

/** The body as text, or null when it is longer than `maxBytes`. */
async function boundedText(response: Response, maxBytes: number): Promise<string | null> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
