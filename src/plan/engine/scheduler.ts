import type { StepWork } from '../time/step-time.ts';

/** A request as the scheduler sees it, and how far it has come. Tokens only: no time, no text. */
export interface Sequence {
  readonly id: number;
  readonly promptTokens: number;
  /** Tokens to generate; 0 for work that ends with its prompt (embeddings). */
  readonly outputTokens: number;
  /** Tokens generated so far. They survive preemption; their KV does not. */
  generated: number;
  /** Tokens whose keys and values are in the cache. */
  computed: number;
  /** KV blocks held. */
  blocks: number;
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

/** What to run this step. */
export interface StepPlan {
  slots: Slot[];
  /** Tokens over all slots. */
  tokens: number;
  work: StepWork;
  /** Sequences that lost their KV so that others could go on. */
  preempted: number;
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
 * alternates schedule (what to run) and commit (it ran); add and remove come between steps
 * (add also during one). Every form must keep the rules of scheduler.prop.test.ts.
 */
export interface Scheduler {
  add(request: { promptTokens: number; outputTokens: number }): Sequence | Refusal;
  /** Frees the place and the KV of a sequence; nothing happens when it has ended. */
  remove(sequence: Sequence): void;
  /** Null when there is nothing to run. */
  schedule(): StepPlan | null;
  commit(plan: StepPlan): StepOutcome;
  counts(): SchedulerCounts;
  /** Largest prompt + output that this engine can ever hold. */
  readonly maxTokens: number;
}
