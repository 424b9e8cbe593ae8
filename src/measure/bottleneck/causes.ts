/** The four parts of accelerator time, and what no evidence explains. */
export const TIME_GROUPS = ['not-allocated', 'idle', 'held-down', 'useful', 'unexplained'] as const;
export type TimeGroup = (typeof TIME_GROUPS)[number];

/**
 * Every leaf of the tree, in the order in which an interval that several causes cover goes to one of them: the first.
 * From the outside in: what nobody was given cannot stall, what does not run cannot be throttled. `title` completes
 * "lost to ...".
 */
const leaves = {
  'no-demand': ['not-allocated', 'no demand'],
  quota: ['not-allocated', 'quota that blocks while accelerators are free'],
  fragmentation: ['not-allocated', 'fragmentation: free pieces that fit no waiting work'],
  'queue-policy': ['not-allocated', 'the queue policy: free and wanted, but not given out'],
  maintenance: ['not-allocated', 'maintenance'],
  failed: ['idle', 'failures, and work that they rolled back'],
  starting: ['idle', 'starting'],
  loading: ['idle', 'loading images or weights'],
  'left-on': ['idle', 'accelerators that somebody left on'],
  checkpoint: ['idle', 'writing checkpoints'],
  evaluation: ['idle', 'evaluation'],
  'data-stall': ['idle', 'waiting for data'],
  'host-cpu': ['idle', 'the host: CPU work and launches that the accelerator waits for'],
  network: ['idle', 'waiting for the network or for stragglers'],
  throttled: ['held-down', 'throttling by power or heat'],
  'pipeline-bubble': ['held-down', 'pipeline bubbles'],
  communication: ['held-down', 'communication that computation does not hide'],
  padding: ['held-down', 'padding'],
  'kv-full': ['held-down', 'a full KV cache'],
  'small-batch': ['held-down', 'small batches'],
  useful: ['useful', 'useful work'],
  'memory-bandwidth': ['held-down', 'memory bandwidth'],
  'low-occupancy': ['held-down', 'low occupancy of the accelerator'],
  unexplained: ['unexplained', 'what no evidence explains'],
} as const satisfies Record<string, readonly [TimeGroup, string]>;

export type Cause = keyof typeof leaves;

export const CAUSES = Object.keys(leaves) as [Cause, ...Cause[]];

export const groupOf = (cause: Cause): TimeGroup => leaves[cause][0];

/** Completes "lost to ...". */
export const titleOf = (cause: Cause): string => leaves[cause][1];
