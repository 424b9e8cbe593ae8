import { newId } from './ids.ts';
import type { RequestRecord } from './request-record.ts';

/** A plain successful request, for tests to vary. */
export function testingRecord(change: Partial<RequestRecord> = {}): RequestRecord {
  const startedAtMs = change.startedAtMs ?? 1_800_000_000_000;
  return {
    v: 1,
    id: newId(startedAtMs),
    startedAtMs,
    endedAtMs: startedAtMs + 500,
    service: 'chat',
    route: 'chat',
    engine: 'h100',
    modelAsked: 'llama-3.1-8b',
    modelServed: 'llama-3.1-8b',
    keyId: 'k1',
    tenant: 'acme',
    feature: 'help',
    promptVersion: null,
    dialectIn: 'openai-chat',
    dialectOut: 'openai',
    stream: true,
    outcome: 'success',
    status: 200,
    errorCode: null,
    attempts: [{ engine: 'h100', status: 200, durationMs: 480, errorCode: null }],
    latency: {
      e2eMs: 500,
      queueMs: 5,
      gatewayMs: 1,
      retryMs: 0,
      ttftMs: 80,
      tpotMeanMs: 8,
      tpotMaxMs: 20,
      engineQueueMs: 10,
      prefillMs: 60,
      decodeMs: 420,
    },
    tokens: { in: 100, cachedIn: 0, cacheWrite: 0, out: 50, reasoning: 0 },
    usageSource: 'engine',
    cost: { kind: 'rented', usageUsd: 0.0002, acceleratorSeconds: 0.2, basis: 'modelled' },
    energy: { energyWh: 0.01, basis: 'modelled' },
    cache: 'off',
    simulated: true,
    content: null,
    ...change,
  };
}
