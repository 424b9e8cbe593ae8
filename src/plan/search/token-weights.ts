import type { TokenWeights } from '../money/unit-cost.ts';
import type { StepTimeModel } from '../time/step-time.ts';
import { causalPairs } from '../time/step-time.ts';

/** Tokens of the prompt whose time stands for prefill: large enough to be limited by arithmetic. */
const PREFILL_TOKENS = 2048;

/**
 * What an output token costs in input tokens: the accelerator time of one token of a decode step of
 * `running` sequences over that of one token of a long prompt. A cached token takes no prefill.
 */
export function tokenWeights(
  time: StepTimeModel,
  running: number,
  contextTokens: number,
): TokenWeights {
  const decodes = Math.max(1, Math.round(running));
  const prefillMs = time.stepTime({
    prefillTokens: PREFILL_TOKENS,
    prefillSequences: 1,
    prefillPairs: causalPairs(PREFILL_TOKENS, 0),
    prefillContextTokens: PREFILL_TOKENS,
    decodeTokens: 0,
    decodeContextTokens: 0,
    decodeLongestTokens: 0,
    sampledTokens: 1,
  }).totalMs;
  const decodeMs = time.stepTime({
    prefillTokens: 0,
    prefillSequences: 0,
    prefillPairs: 0,
    prefillContextTokens: 0,
    decodeTokens: decodes,
    decodeContextTokens: decodes * contextTokens,
    decodeLongestTokens: contextTokens,
    sampledTokens: decodes,
  }).totalMs;
  return { output: decodeMs / decodes / (prefillMs / PREFILL_TOKENS), cached: 0 };
}
