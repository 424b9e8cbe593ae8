/** The four parts of accelerator time, and what no evidence explains. */
export const TIME_GROUPS = ['not-allocated', 'idle', 'held-down', 'useful', 'unexplained'] as const;
export type TimeGroup = (typeof TIME_GROUPS)[number];

/**
 * Every leaf of the tree, in the order in which an interval that several causes cover goes to one of them: the first.
 * From the outside in: what nobody was given cannot stall, what does not run cannot be throttled.
 */
const leaves = {
  'no-demand': 'not-allocated',
  quota: 'not-allocated',
  fragmentation: 'not-allocated',
  'queue-policy': 'not-allocated',
  maintenance: 'not-allocated',
  failed: 'idle',
  starting: 'idle',
  loading: 'idle',
  'left-on': 'idle',
  checkpoint: 'idle',
  evaluation: 'idle',
  'data-stall': 'idle',
  'host-cpu': 'idle',
  network: 'idle',
  throttled: 'held-down',
  'pipeline-bubble': 'held-down',
  communication: 'held-down',
  padding: 'held-down',
  'kv-full': 'held-down',
  'small-batch': 'held-down',
  useful: 'useful',
  'memory-bandwidth': 'held-down',
  'low-occupancy': 'held-down',
  unexplained: 'unexplained',
} as const satisfies Record<string, TimeGroup>;

export type Cause = keyof typeof leaves;

export const CAUSES = Object.keys(leaves) as [Cause, ...Cause[]];

export const groupOf = (cause: Cause): TimeGroup => leaves[cause];
