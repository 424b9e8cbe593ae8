import { fail, ok, type Result } from '../../records/errors.ts';
import { type Exposition, expositionLimits } from './exposition/exposition.ts';
import { EXPOSITION_ACCEPT, parseExposition } from './exposition/parse-exposition.ts';
import type { ResourceSource, SourceReadings } from './resource-source.ts';

export type FetchPage = (
  url: string,
  init: { signal: AbortSignal; headers: Record<string, string>; redirect: 'error' },
) => Promise<Response>;

/**
 * One page of metrics of an exporter. Redirects are not followed (the key would go with them), the body is bounded
 * and must be right as a whole: a page with a fault is refused with its line, not half believed.
 */
export function createPrometheusTarget(options: {
  source: string;
  url: string;
  intervalMs: number;
  timeoutMs: number;
  node: string | null;
  apiKey: string | null;
  fetch: FetchPage;
}): ResourceSource {
  const { source, url, intervalMs } = options;
  const node = options.node ?? new URL(url).hostname;
  return {
    source,
    target: url,
    intervalMs,
    node,
    async read() {
      const page = await ask(options);
      if (!page.ok) return page;
      const parsed = parseExposition(page.value.body, page.value.contentType);
      return parsed.ok ? ok(toReadings(parsed.value)) : parsed;
    },
  };
}

function toReadings({ samples, help }: Exposition): SourceReadings {
  const isSimulated = samples.some(
    ({ name, labels }) => name === 'tailrace_sim_info' && labels.get('simulated') === 'true',
  );
  return { readings: samples, help, basis: isSimulated ? 'modelled' : 'measured' };
}

async function ask(options: {
  url: string;
  timeoutMs: number;
  apiKey: string | null;
  fetch: FetchPage;
}): Promise<Result<{ body: Uint8Array; contentType: string }>> {
  const { url, timeoutMs, apiKey } = options;
  try {
    const response = await options.fetch(url, {
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        accept: EXPOSITION_ACCEPT,
        ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      redirect: 'error',
    });
    if (!response.ok) {
      await response.body?.cancel();
      return fail('TR_UPSTREAM_ERROR', `${url} answered ${response.status}`);
    }
    const body = await boundedBody(response);
    if (body === null) {
      const message = `${url} answered more than ${expositionLimits.maxChars} bytes`;
      return fail('TR_UPSTREAM_TOO_LARGE', message);
    }
    return ok({ body, contentType: response.headers.get('content-type') ?? '' });
  } catch (cause) {
    return fail('TR_UPSTREAM_CONNECT', `${url} could not be read: ${reasonOf(cause)}`, { cause });
  }
}

/** fetch says "fetch failed" and why only in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

async function boundedBody(response: Response): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > expositionLimits.maxChars) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
