import {
  createContinuousBatching,
  type SchedulerLimits,
  type SchedulerPolicy,
} from './continuous-batching.ts';
import { createLockstep } from './lockstep.ts';
import type { Scheduler } from './scheduler.ts';

/** Whose scheduling is followed. */
export type EngineKind = 'vllm' | 'sglang' | 'tensorrt-llm';

/** An engine as it is started. Fields that are left out take the engine's own defaults. */
export interface EngineSettings {
  kind: EngineKind;
  maxSequences: number;
  maxBatchedTokens: number;
  /** Usable KV blocks of one replica. */
  kvBlocks: number;
  maxContext: number;
  /** Requests that may wait; more are refused. Default unbounded. */
  maxWaiting?: number;
  policy?: Partial<SchedulerPolicy>;
  /** Data-parallel ranks that run in lockstep because they share experts; limits are per rank. Default 1. */
  ranks?: number;
  /** Host memory that takes in evicted KV; default none. */
  hostTier?: HostTierSettings;
}

export interface HostTierSettings {
  blocks: number;
  kvBytesPerToken: number;
  /** Bytes per second from host to device. */
  bytesPerS: number;
}

/**
 * What the engines do by default: vLLM V1 0.19 (asynchronous scheduling, a prompt is admitted when all of it fits);
 * a plain form of SGLang (prompts first, in steps of their own; overlap scheduling) and of TensorRT-LLM (the
 * GUARANTEED_NO_EVICT capacity policy of its documentation: blocks for prompt and full output, no preemption).
 */
const DEFAULTS: Record<EngineKind, Partial<SchedulerPolicy>> = {
  vllm: { prefixCaching: true, asyncScheduling: true, admission: 'sequence' },
  sglang: {
    prefixCaching: true,
    asyncScheduling: true,
    admission: 'sequence',
    mixing: 'prefill-first',
  },
  'tensorrt-llm': { prefixCaching: true, asyncScheduling: true, admission: 'request' },
};

/** Makes the scheduler of an engine, and says whether it schedules ahead. */
export function createEngine(settings: EngineSettings): {
  scheduler: Scheduler;
  asyncScheduling: boolean;
  /** Time to copy tokens back from host memory, milliseconds. */
  hostLoadMs: (tokens: number) => number;
} {
  const { hostTier } = settings;
  const policy = {
    ...DEFAULTS[settings.kind],
    ...settings.policy,
    hostBlocks: hostTier?.blocks ?? 0,
  };
  const hostLoadMs = (tokens: number): number =>
    hostTier === undefined ? 0 : (1000 * tokens * hostTier.kvBytesPerToken) / hostTier.bytesPerS;
  const limits: SchedulerLimits = {
    maxSequences: settings.maxSequences,
    maxBatchedTokens: settings.maxBatchedTokens,
    kvBlocks: settings.kvBlocks,
    maxContext: settings.maxContext,
    maxWaiting: settings.maxWaiting ?? Number.POSITIVE_INFINITY,
  };
  const ranks = Array.from({ length: settings.ranks ?? 1 }, () =>
    createContinuousBatching(limits, policy),
  );
  const [first] = ranks;
  const scheduler = first !== undefined && ranks.length === 1 ? first : createLockstep(ranks);
  return { scheduler, asyncScheduling: policy.asyncScheduling ?? false, hostLoadMs };
}
