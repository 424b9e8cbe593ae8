import type { StepWork } from '../time/step-time.ts';

/** What a scheduler is told of a request. */
export interface SchedulerRequest {
  promptTokens: number;
  /** Tokens to generate; 0 for work that ends with its prompt (embeddings). */
  outputTokens: number;
  /** The caller's own number for it. */
  tag?: number;
  /** Lower goes first where the scheduler has priorities. */
  priority?: number;
  /** Content of the prompt, one id per `tokensPerBlockId` tokens; each names all text up to its end. */
  blockIds?: readonly number[] | null;
  tokensPerBlockId?: number;
  /** Tokens generated elsewhere already (disaggregated serving), and tokens whose KV comes along. Default 0. */
  generatedTokens?: number;
  receivedTokens?: number;
}

/** A request as the scheduler sees it, and how far it has come. Tokens only: no time, no text. */
export interface Sequence {
  readonly id: number;
  readonly tag: number;
  readonly priority: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly blockIds: readonly number[] | null;
  readonly tokensPerBlockId: number;
  /** Tokens generated so far. They survive preemption; their KV does not. */
  generated: number;
  /** Tokens that a step under way will generate. */
  pending: number;
  /** Tokens whose keys and values are in the cache, or will be when the steps under way end. */
  computed: number;
  /** Tokens whose KV was computed elsewhere and comes with the sequence; 0 once it is lost. */
  received: number;
  /** Prompt tokens that the prefix cache gave at the last admission. */
  cached: number;
  /** Tokens that the last admission copied from host memory. */
  loaded: number;
  /** KV blocks held: the first `blocks` of `table`. */
  blocks: number;
  table: number[];
  /** Stamps of the blocks in `table` when they were lost to a preemption; empty otherwise. */
  lostStamps: number[];
  preemptions: number;
  state: 'waiting' | 'running' | 'finished' | 'removed';
}

/** One sequence's part of a step: `newTokens` follow `contextTokens` that are in the cache already. */
export interface Slot {
  sequence: Sequence;
  newTokens: number;
  contextTokens: number;
  /** The step ends with a new token for this sequence. */
  samples: boolean;
}

/** What to run this step. Valid until it is committed: plans are used again. */
export interface StepPlan {
  slots: Slot[];
  /** Tokens over all slots. */
  tokens: number;
  work: StepWork;
  /** Sequences that lost their KV so that others could go on. */
  preempted: number;
  /** Sequences taken from the queue for this step. */
  admitted: Sequence[];
  /** Sequences lost their place to others in this step. */
  victims: Sequence[];
}

export interface StepOutcome {
  /** Sequences that got a token, finished ones included. */
  sampled: Sequence[];
  finished: Sequence[];
}

/** Why a sequence is not taken: it could never run, or the queue is full. */
export type Refusal = 'empty-prompt' | 'too-long' | 'queue-full';

export interface SchedulerCounts {
  running: number;
  waiting: number;
  kvBlocksUsed: number;
  kvBlocksTotal: number;
}

/**
 * The scheduler of an inference engine, as a deterministic state machine without clock or I/O. The caller
 * alternates schedule (what to run) and commit (it ran); with asynchronous scheduling one more step
 * is scheduled before the last one is committed. Add and remove come between steps (add also during
 * one). Every form must keep the rules of scheduler.prop.test.ts.
 */
export interface Scheduler {
  add(request: SchedulerRequest): Sequence | Refusal;
  /** Frees the place and the KV of a sequence; nothing happens when it has ended. */
  remove(sequence: Sequence): void;
  /** Null when there is nothing to run. */
  schedule(): StepPlan | null;
  commit(plan: StepPlan): StepOutcome;
  /**
   * Steps like `plan` (the newest one, all decodes) that would follow one another whatever their
   * duration, while nobody arrives or leaves: 0 when the next step may differ.
   */
  repeats(plan: StepPlan): number;
  /** As `steps` times commit and schedule of such steps; `plan` becomes the last of them. */
  repeat(plan: StepPlan, steps: number): void;
  counts(): SchedulerCounts;
  /** Largest prompt + output that this engine can ever hold. */
  readonly maxTokens: number;
  /** True when the queue is held up by a lack of KV blocks. */
  readonly kvFull: boolean;
}
