import { ok, type Result } from '../../../records/errors.ts';
import type { ClosedLoopQuery } from './closed-loop-query.ts';
import { kvShards, machineOf, stepTerms, type LayerBytes, type StepTerms } from './step-terms.ts';

export interface ClosedLoopTerms {
  /** One decode step at the batch that fits in memory. */
  decode: StepTerms;
  /** One request's whole prompt. */
  prefill: StepTerms;
  inputTokens: number;
  /** Prompts of other requests that are prefilled while one token of this one is made. */
  promptsPerToken: number;
  outputTokens: number;
  /** Requests in flight, and those whose KV cache fits at once. */
  concurrency: number;
  running: number;
}

/** Share of memory that engines take by default (vLLM's gpu_memory_utilization). */
const MEMORY_SHARE = 0.9;
/** How sharply waiting begins when memory is full. */
const FULL_SHARPNESS = 8;
/**
 * The estimate of KV room is rough (memory share, number format of the cache and replicated weights are rarely published), and a
 * wait that is not there is far costlier than one that is missed: rooms count half as large again,
 * and never below a quarter of the memory.
 */
const ROOM_OPTIMISM = 1.5;
const ROOM_FLOOR = 0.25;

/**
 * Physical terms of a closed loop from published figures: what a step reads, computes and exchanges.
 * Fails with TR_PLAN_INVALID when the catalog lacks the accelerator's arithmetic peak.
 */
export function closedLoopTerms(query: ClosedLoopQuery): Result<ClosedLoopTerms> {
  const machine = machineOf(query.model, query.accelerator, query.quantization);
  if (!machine.ok) return machine;
  const { inputTokens, outputTokens, concurrency, layout } = query;
  const running = runningRequests(query, machine.value.bytes);
  const context = inputTokens + outputTokens / 2;
  return ok({
    decode: stepTerms(machine.value, layout, {
      sequences: running,
      tokens: running,
      pairs: running * context,
      decode: true,
    }),
    prefill: stepTerms(machine.value, query.prefillLayout ?? layout, {
      sequences: 1,
      tokens: inputTokens,
      pairs: (inputTokens * inputTokens) / 2,
      decode: false,
    }),
    inputTokens,
    promptsPerToken: query.prefillLayout === null ? Math.max(0, running - 1) / outputTokens : 0,
    outputTokens,
    concurrency,
    running,
  });
}

/** Requests whose KV cache fits on one rank at their average length; a smooth minimum with the concurrency. */
function runningRequests(query: ClosedLoopQuery, bytes: LayerBytes): number {
  const { accelerator, layout, model, inputTokens, outputTokens, concurrency } = query;
  const accelerators = layout.tensor * layout.data;
  const experts = bytes.expertLayers * (model.experts?.count ?? 0) * bytes.expertBytes;
  const weights =
    (bytes.sharedBytes + 2 * bytes.headBytes) / layout.tensor + experts / accelerators;
  const memory = accelerator.memoryGb * 1e9;
  const room = memory * MEMORY_SHARE - weights / layout.pipeline;
  const usable = ROOM_OPTIMISM * Math.max(room, ROOM_FLOOR * memory);
  const kvPerRequest =
    ((inputTokens + outputTokens / 2) * bytes.kvBytesPerToken) /
    (kvShards(model, layout.tensor) * layout.pipeline);
  // At least one request runs, whatever the estimate says of memory.
  const fits = Math.max(1, usable / kvPerRequest);
  return concurrency / (1 + (concurrency / fits) ** FULL_SHARPNESS) ** (1 / FULL_SHARPNESS);
}
