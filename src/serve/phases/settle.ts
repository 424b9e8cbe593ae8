import type { LatencySplit, RequestRecord, TokenCounts } from '../../records/request-record.ts';
import type { Exchange } from '../exchange.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { Meter } from '../meter.ts';

const noTokens: TokenCounts = {
  in: null,
  cachedIn: null,
  cacheWrite: null,
  out: null,
  reasoning: null,
};

/**
 * The last phase, run exactly once for every accepted request, whatever became of it: frees its place, writes its
 * one record. Nothing here is waited for by the client.
 */
export function settle(x: Exchange, meter: Meter, deps: GatewayDeps): void {
  if (x.settled) throw new Error(`request ${x.id} was settled twice`);
  x.settled = true;
  if (x.holdsPlace) x.route?.limiter.release();
  const endMs = deps.clock.monoMs();
  const { tokens, usageSource } = countTokens(x, deps);
  const { cost, energy } =
    x.engine === null || x.outcome === 'rejected'
      ? unpriced
      : meter.price({
          engine: x.engine,
          modelServed: x.modelServed ?? '',
          startedAtMs: x.startedAtMs,
          tokens,
          usageSource,
          inFlight: x.engineInFlight,
          simulation: x.simulation,
        });
  const record: RequestRecord = {
    v: 1,
    id: x.id,
    startedAtMs: x.startedAtMs,
    endedAtMs: x.startedAtMs + (endMs - x.startMs),
    service: x.service?.config.name ?? null,
    route: x.route?.config.name ?? null,
    engine: x.engine,
    modelAsked: x.facts?.model.slice(0, 256) ?? null,
    modelServed: x.modelServed?.slice(0, 256) ?? null,
    keyId: x.key?.id ?? null,
    tenant: x.tenant,
    feature: x.feature,
    promptVersion: x.promptVersion,
    dialectIn: x.dialect.id,
    dialectOut: x.dialectOut,
    stream: x.facts?.stream ?? false,
    outcome: x.outcome ?? 'success',
    status: x.status,
    errorCode: x.error?.code ?? null,
    attempts: x.attempts,
    latency: latencyOf(x, endMs, tokens.out),
    tokens,
    usageSource,
    cost,
    energy,
    cache: 'off',
    simulated: x.simulated,
    content: contentOf(x),
  };
  x.output?.release?.();
  deps.sink.append(record);
  deps.onSettled(record);
}

/** A request that no engine worked on cost nothing that could be measured: unknown, not zero. */
const unpriced: Pick<RequestRecord, 'cost' | 'energy'> = {
  cost: { kind: 'unknown', usageUsd: null, acceleratorSeconds: null, basis: 'unknown' },
  energy: { energyWh: null, basis: 'unknown' },
};

/** The engine's own count, else ours; unknown where no engine did any work. */
function countTokens(
  x: Exchange,
  deps: GatewayDeps,
): { tokens: TokenCounts; usageSource: RequestRecord['usageSource'] } {
  if (x.tokens !== null && x.tokens.in !== null && x.tokens.out !== null) {
    return { tokens: x.tokens, usageSource: 'engine' };
  }
  if (x.engine === null || x.output === null) {
    return { tokens: x.tokens ?? noTokens, usageSource: 'unknown' };
  }
  const keptOut = deps.countTokens(x.output.outputText());
  return {
    tokens: {
      ...(x.tokens ?? noTokens),
      in: x.tokens?.in ?? deps.countTokens(x.dialect.promptText(x.body)),
      out: Math.round(keptOut / Math.max(x.outputKeptShare, 1e-6)),
    },
    usageSource: 'estimated',
  };
}

function latencyOf(x: Exchange, endMs: number, tokensOut: number | null): LatencySplit {
  const e2eMs = endMs - x.startMs;
  const streamed = x.facts?.stream === true && x.lastContentMs !== null;
  const spreadMs =
    streamed && x.firstContentMs !== null && x.lastContentMs !== null
      ? x.lastContentMs - x.firstContentMs
      : null;
  const decodes = tokensOut !== null && tokensOut > 1;
  return {
    e2eMs,
    queueMs: x.queueMs,
    gatewayMs: Math.max(0, e2eMs - x.queueMs - x.retryMs - x.upstreamMs),
    retryMs: x.retryMs,
    ttftMs: x.firstContentMs === null ? null : x.firstContentMs - x.startMs,
    tpotMeanMs: spreadMs !== null && decodes ? spreadMs / (tokensOut - 1) : null,
    tpotMaxMs: spreadMs !== null && decodes ? x.tpotMaxMs : null,
    engineQueueMs: x.simulation?.queueMs ?? null,
    prefillMs: x.simulation?.prefillMs ?? null,
    decodeMs: x.simulation?.decodeMs ?? null,
  };
}

/** Prompt and output, only where the service opted in: redacted, then capped, before anything is written. */
function contentOf(x: Exchange): RequestRecord['content'] {
  const store = x.service?.config.store;
  if (store === undefined || (!store.prompts && !store.outputs)) return null;
  const redact = (text: string): string =>
    (x.service?.redact ?? []).reduce((kept, pattern) => kept.replace(pattern, '[redacted]'), text);
  const prompt = store.prompts ? redact(x.dialect.promptText(x.body)) : null;
  const output = store.outputs && x.output !== null ? redact(x.output.outputText()) : null;
  const cap = (text: string | null): string | null => text?.slice(0, store.maxBytes) ?? null;
  const truncated =
    (prompt?.length ?? 0) > store.maxBytes || (output?.length ?? 0) > store.maxBytes;
  return { prompt: cap(prompt), output: cap(output), truncated };
}
