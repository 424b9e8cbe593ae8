import { createRandom, type Random } from '../src/plan/core/random.ts';
import type { Outcome, RequestRecord } from '../src/records/request-record.ts';

export interface SyntheticOptions {
  seed: number;
  /** Start of the first request, Unix milliseconds. */
  fromMs: number;
  /** Mean time from one request to the next. */
  stepMs: number;
  models?: number;
  tenants?: number;
  features?: number;
}

/** Outcomes and their shares; the rest succeed. */
const failures: ReadonlyArray<{ share: number; outcome: Outcome; status: number; code: string }> = [
  { share: 0.01, outcome: 'rejected', status: 429, code: 'TR_QUEUE_FULL' },
  { share: 0.006, outcome: 'upstream_error', status: 502, code: 'TR_UPSTREAM_ERROR' },
  { share: 0.003, outcome: 'timeout', status: 504, code: 'TR_TIMEOUT_TTFT' },
  { share: 0.001, outcome: 'client_abort', status: 499, code: 'TR_CLIENT_ABORT' },
];

/** Service of the n-th model: a handful of services share the models. */
export const serviceOf = (model: number): string => `service-${model % 5}`;

/**
 * An endless stream of made-up records for benches and tests: Poisson arrivals, lognormal latencies
 * and token counts per model, tenants by Zipf's law, a few percent of failures. Ids are UUID
 * version 7 in the order of time. Same seed, same records.
 */
export function createSyntheticRecords(options: SyntheticOptions): () => RequestRecord {
  const { seed, fromMs, stepMs, models = 20, tenants = 500, features = 12 } = options;
  const random = createRandom(seed);
  let nowMs = fromMs;
  return () => {
    nowMs += random.exponential(stepMs);
    const model = random.uint32() % models;
    // Inverse of a continuous Zipf law with exponent 1: log-uniform ranks.
    const tenant = Math.floor(tenants ** random.uniform()) - 1;
    const feature = random.uint32() % features;
    const who = {
      tenant: `tenant-${tenant}`,
      feature: `feature-${feature}`,
      keyId: `key-${tenant}`,
    };
    const facts = { id: idAt(nowMs, random), startedAtMs: Math.floor(nowMs), model };
    const failure = drawFailure(random.uniform());
    return {
      ...(failure === null ? success(facts, random) : failed(facts, failure, random)),
      ...who,
    };
  };
}

const noLatency: RequestRecord['latency'] = {
  e2eMs: 0,
  queueMs: 0,
  gatewayMs: 0.2,
  retryMs: 0,
  ttftMs: null,
  tpotMeanMs: null,
  tpotMaxMs: null,
  engineQueueMs: null,
  prefillMs: null,
  decodeMs: null,
};

interface Facts {
  id: string;
  startedAtMs: number;
  model: number;
}

const round = (value: number, digits: number): number => {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
};

function success(facts: Facts, random: Random): RequestRecord {
  const { model } = facts;
  const tokensIn = Math.ceil(random.lognormal(900 + 100 * model, 1.2));
  const tokensOut = Math.max(1, Math.ceil(random.lognormal(200, 1)));
  const queueMs = random.uniform() < 0.8 ? 0 : round(random.exponential(20), 3);
  const prefillMs = round(20 + tokensIn * 0.05 * random.lognormal(1, 0.3), 3);
  const engineQueueMs = round(random.exponential(5), 3);
  const tpotMeanMs = round((6 + model) * random.lognormal(1, 0.2), 3);
  const decodeMs = round(tpotMeanMs * (tokensOut - 1), 3);
  const gatewayMs = round(0.2 + random.exponential(0.1), 3);
  const ttftMs = round(queueMs + gatewayMs + engineQueueMs + prefillMs, 3);
  const e2eMs = round(ttftMs + decodeMs, 3);
  const engine = `engine-${model % 8}`;
  return {
    ...outline(facts, e2eMs),
    engine,
    modelServed: `model-${model}`,
    dialectOut: 'openai',
    stream: true,
    outcome: 'success',
    status: 200,
    errorCode: null,
    attempts: [{ engine, status: 200, durationMs: round(e2eMs - queueMs, 3), errorCode: null }],
    latency: {
      e2eMs,
      queueMs,
      gatewayMs,
      retryMs: 0,
      ttftMs,
      tpotMeanMs: tokensOut > 1 ? tpotMeanMs : null,
      tpotMaxMs: tokensOut > 1 ? round(tpotMeanMs * 3, 3) : null,
      engineQueueMs,
      prefillMs,
      decodeMs,
    },
    tokens: { in: tokensIn, cachedIn: tokensIn >> 2, cacheWrite: 0, out: tokensOut, reasoning: 0 },
    usageSource: random.uniform() < 0.98 ? 'engine' : 'estimated',
    cost: {
      kind: 'rented',
      usageUsd: round((tokensIn * 0.1 + tokensOut) * 1e-6, 9),
      acceleratorSeconds: round(tokensOut * 0.0008, 6),
      basis: 'estimated',
    },
    energy: { energyWh: round(tokensOut * 0.00015, 7), basis: 'modelled' },
  };
}

function failed(facts: Facts, failure: (typeof failures)[number], random: Random): RequestRecord {
  const e2eMs = round(random.exponential(failure.outcome === 'rejected' ? 2 : 2000), 3);
  const engine = failure.outcome === 'rejected' ? null : `engine-${facts.model % 8}`;
  const { status, code: errorCode } = failure;
  return {
    ...outline(facts, e2eMs),
    engine,
    modelServed: null,
    dialectOut: engine === null ? null : 'openai',
    stream: true,
    outcome: failure.outcome,
    status,
    errorCode,
    attempts: engine === null ? [] : [{ engine, status, durationMs: e2eMs, errorCode }],
    latency: { ...noLatency, e2eMs },
    tokens: { in: null, cachedIn: null, cacheWrite: null, out: null, reasoning: null },
    usageSource: 'unknown',
    cost: { kind: 'rented', usageUsd: null, acceleratorSeconds: null, basis: 'unknown' },
    energy: { energyWh: null, basis: 'unknown' },
  };
}

type Outline = Pick<
  RequestRecord,
  | 'v'
  | 'id'
  | 'startedAtMs'
  | 'endedAtMs'
  | 'service'
  | 'route'
  | 'modelAsked'
  | 'keyId'
  | 'tenant'
  | 'feature'
  | 'promptVersion'
  | 'dialectIn'
  | 'cache'
  | 'simulated'
  | 'content'
>;

const outline = ({ id, startedAtMs, model }: Facts, e2eMs: number): Outline => ({
  v: 1,
  id,
  startedAtMs,
  endedAtMs: Math.floor(startedAtMs + e2eMs),
  service: serviceOf(model),
  route: serviceOf(model),
  modelAsked: `model-${model}`,
  keyId: null,
  tenant: null,
  feature: null,
  promptVersion: null,
  dialectIn: 'openai-chat',
  cache: 'off',
  simulated: false,
  content: null,
});

function drawFailure(draw: number): (typeof failures)[number] | null {
  let upTo = 0;
  for (const one of failures) {
    upTo += one.share;
    if (draw < upTo) return one;
  }
  return null;
}

/** UUID version 7 (RFC 9562) from the stream's own random numbers. */
function idAt(nowMs: number, random: Random): string {
  const time = Math.floor(nowMs).toString(16).padStart(12, '0');
  const hex = (bits: number): string => (bits >>> 0).toString(16).padStart(8, '0');
  const [a, b, c] = [random.uint32(), random.uint32(), random.uint32()];
  const version = `7${hex(a).slice(0, 3)}`;
  const variant = (0x8000 | (a & 0x3fff)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${hex(b)}${hex(c).slice(0, 4)}`;
}
