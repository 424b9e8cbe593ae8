import type { ClosedLoopTerms } from './closed-loop-terms.ts';
import type { StepTerms } from './step-terms.ts';

/**
 * Coefficients of the physical form, as natural logarithms of factors on the figures below; 0 is the
 * figure itself, toward which every coefficient is shrunk in the fit.
 */
export type Coefficients = readonly number[];

/** What a factor of one stands for: achieved over peak, or a cost in milliseconds. */
const DECODE = {
  weights: 1 / 0.8,
  kv: 1 / 0.8,
  compute: 1 / 0.5,
  perLayerMs: 0.015,
  perExchangeMs: 0.015,
  exchange: 1 / 0.8,
  perStepMs: 0.5,
  perSequenceMs: 0.01,
};
const PREFILL = { compute: 1 / 0.5, perLayerMs: 0.015 };

/** Number of coefficients of each form. */
export const TPOT_COEFFICIENTS = 10;
export const TTFT_COEFFICIENTS = 9;

const factor = (q: Coefficients, at: number): number => Math.exp(q[at] ?? 0);

/** Parts of a step in milliseconds, which follow one another. */
export interface StepParts {
  computeMs: number;
  memoryMs: number;
  collectiveMs: number;
  overheadMs: number;
}

const total = ({ computeMs, memoryMs, collectiveMs, overheadMs }: StepParts): number =>
  computeMs + memoryMs + collectiveMs + overheadMs;

/** A decode step: weights and KV read, arithmetic, exchange, launches and work per sequence. */
export const decodeStepParts = (t: StepTerms, q: Coefficients): StepParts => ({
  memoryMs: t.weightsMs * DECODE.weights * factor(q, 0) + t.kvMs * DECODE.kv * factor(q, 1),
  computeMs: t.computeMs * DECODE.compute * factor(q, 2),
  collectiveMs:
    t.exchangeLayers * DECODE.perExchangeMs * factor(q, 4) +
    t.exchangeMs * DECODE.exchange * factor(q, 5),
  overheadMs:
    t.layers * DECODE.perLayerMs * factor(q, 3) +
    DECODE.perStepMs * factor(q, 6) +
    t.sequences * DECODE.perSequenceMs * factor(q, 7),
});

/** Arithmetic of a prompt, by the coefficients of the TTFT form. */
export const promptComputeMs = (t: StepTerms, ttft: Coefficients): number =>
  t.computeMs * PREFILL.compute * factor(ttft, 0);

/** What a prompt adds to the steps it is mixed into. */
export const mixedPrefillParts = (t: StepTerms, q: Coefficients): StepParts => ({
  memoryMs: 0,
  computeMs: t.computeMs * PREFILL.compute * factor(q, 8),
  collectiveMs: t.exchangeMs * DECODE.exchange * factor(q, 5),
  overheadMs: t.layers * PREFILL.perLayerMs * factor(q, 9),
});

/**
 * Mean time per output token in milliseconds: a decode step, and the share of the other requests' prompts that
 * falls on each token. In a closed loop every other request brings one prompt per `outputTokens`.
 */
export const meanTpotMs = (t: ClosedLoopTerms, q: Coefficients): number =>
  total(decodeStepParts(t.decode, q)) + t.promptsPerToken * total(mixedPrefillParts(t.prefill, q));

/** Per input token: tokenizing and copying. */
const PER_INPUT_TOKEN_MS = 0.01;
const PER_REQUEST_MS = 10;
const TTFT_PER_LAYER_MS = 0.1;
/** Share of a prompt that each other request in flight adds to the wait, below proportionally. */
const CROWD_SHARE = 0.1;
const CROWD_POWER = 0.75;

/**
 * Mean time to first token in milliseconds: own prompt, the step in progress, a crowd factor that grows more slowly than the
 * concurrency, and - only where memory does not hold all requests - the wait for one to end by Little's law:
 * (concurrency - running) / running of a request's decode time.
 */
export function meanTtftMs(t: ClosedLoopTerms, q: Coefficients, tpotMs: number): number {
  const prefill =
    promptComputeMs(t.prefill, q) +
    t.prefill.exchangeMs * DECODE.exchange * factor(q, 1) +
    t.prefill.weightsMs * DECODE.weights * factor(q, 2) +
    t.prefill.layers * TTFT_PER_LAYER_MS * factor(q, 3) +
    PER_REQUEST_MS * factor(q, 4) +
    t.inputTokens * PER_INPUT_TOKEN_MS * factor(q, 5);
  const step =
    t.decode.weightsMs * DECODE.weights * factor(q, 6) + t.decode.kvMs * DECODE.kv * factor(q, 7);
  const crowd = 1 + CROWD_SHARE * factor(q, 8) * t.running ** CROWD_POWER;
  const waiting = Math.max(0, t.concurrency - t.running) / t.running;
  return prefill * crowd + step + waiting * t.outputTokens * tpotMs;
}
