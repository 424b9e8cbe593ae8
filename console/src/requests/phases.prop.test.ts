import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RequestRecord } from '../api/types.ts';
import { phasesOf } from './phases.ts';

const base: RequestRecord = {
  v: 1,
  id: '018f0000-0000-7000-8000-000000000000',
  startedAtMs: 0,
  endedAtMs: 500,
  service: 'chat',
  route: 'chat',
  engine: 'b',
  modelAsked: 'm',
  modelServed: 'm',
  keyId: null,
  tenant: null,
  feature: null,
  promptVersion: null,
  dialectIn: 'openai-chat',
  dialectOut: 'openai',
  stream: true,
  outcome: 'success',
  status: 200,
  errorCode: null,
  attempts: [
    { engine: 'a', status: 503, durationMs: 40, errorCode: 'TR_UPSTREAM_ERROR' },
    { engine: 'b', status: 200, durationMs: 440, errorCode: null },
  ],
  latency: {
    e2eMs: 500,
    queueMs: 10,
    gatewayMs: 5,
    retryMs: 45,
    ttftMs: 160,
    tpotMeanMs: 8,
    tpotMaxMs: 20,
    engineQueueMs: 20,
    prefillMs: 60,
    decodeMs: 340,
  },
  tokens: { in: 1, cachedIn: 0, cacheWrite: 0, out: 40, reasoning: 0 },
  usageSource: 'engine',
  cost: { kind: 'unknown', usageUsd: null, acceleratorSeconds: null, basis: 'unknown' },
  energy: { energyWh: null, basis: 'unknown' },
  cache: 'off',
  simulated: true,
  content: null,
};

const ms = fc.double({ min: 0, max: 1000, noNaN: true });
const maybeMs = fc.option(ms);

describe('phases', () => {
  test('a retried request: queue, gateway, the failed attempt, then the engine', () => {
    const phases = phasesOf(base).map(({ kind, startMs, durationMs }) => [
      kind,
      startMs,
      durationMs,
    ]);
    expect(phases).toEqual([
      ['queue', 0, 10],
      ['gateway', 10, 5],
      ['attempt', 15, 40],
      ['retry-wait', 55, 5],
      ['engine-queue', 60, 20],
      ['prefill', 80, 60],
      ['first-token', 140, 20],
      ['decode', 160, 340],
    ]);
    expect(phasesOf(base)[2]?.note).toBe('HTTP 503, TR_UPSTREAM_ERROR');
  });

  test('a last attempt that failed is an attempt, not a wait between two', () => {
    const attempts = [
      { engine: 'a', status: null, durationMs: 440, errorCode: 'TR_UPSTREAM_CONNECT' },
    ];
    const latency = { ...base.latency, ttftMs: null, retryMs: 440, e2eMs: 455 };
    expect(phasesOf({ ...base, attempts, latency }).map(({ label }) => label)).toEqual([
      'Queue in the gateway',
      'Gateway',
      'Attempt at a',
    ]);
  });

  test('without a first token the rest is waiting, not decode', () => {
    const latency = { ...base.latency, ttftMs: null, retryMs: 0 };
    const kinds = phasesOf({ ...base, attempts: base.attempts.slice(1), latency }).map(
      (p) => p.kind,
    );
    expect(kinds).toEqual(['queue', 'gateway', 'upstream']);
  });

  test('a report in faster simulated time is scaled to the time that passed', () => {
    const latency = { ...base.latency, engineQueueMs: 40, prefillMs: 120, decodeMs: 720 };
    const engine = phasesOf({ ...base, latency }).slice(4);
    expect(engine.map(({ kind, durationMs }) => [kind, durationMs])).toEqual([
      ['engine-queue', 20],
      ['prefill', 60],
      ['first-token', 20],
      ['decode', 340],
    ]);
    expect(engine[1]?.note).toContain('scaled');
  });

  test('whatever a record says, phases follow each other and sum to the whole', () => {
    const latency = fc.record({
      e2eMs: ms,
      queueMs: ms,
      gatewayMs: ms,
      retryMs: ms,
      ttftMs: maybeMs,
      tpotMeanMs: maybeMs,
      tpotMaxMs: maybeMs,
      engineQueueMs: maybeMs,
      prefillMs: maybeMs,
      decodeMs: maybeMs,
    });
    const attempts = fc.array(
      fc.record({
        engine: fc.string(),
        status: fc.option(fc.nat({ max: 599 })),
        durationMs: ms,
        errorCode: fc.option(fc.string()),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(latency, attempts, (split, tries) => {
        const phases = phasesOf({ ...base, latency: split, attempts: tries });
        let atMs = 0;
        for (const phase of phases) {
          expect(phase.startMs).toBeCloseTo(atMs, 6);
          expect(phase.durationMs).toBeGreaterThan(0);
          atMs = phase.startMs + phase.durationMs;
        }
        expect(atMs).toBeCloseTo(split.e2eMs, 6);
      }),
    );
  });
});
