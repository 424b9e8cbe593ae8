import { placements, type PlacementName } from '../placement/placements.ts';

export type QueuePolicyName =
  | PlacementName
  | 'fifo'
  | 'shortest-job'
  | 'fair-share'
  | 'gang-backfill'
  | 'preemptive-priority'
  | 'whole-cards'
  | 'mps'
  | 'mig';

/** How a scheduler treats what waits. */
export interface QueuePolicy {
  /**
   * Who is tried first: `arrival`, `shortest` (by the run time of the trace, as an oracle would
   * know it), `fair` (the owner with the least card time so far), `priority` (then arrival).
   */
  order: 'arrival' | 'shortest' | 'fair' | 'priority';
  /**
   * What happens behind a job that does not fit: `wait` for it, `pass` it by, or `backfill` with
   * jobs that end before it could start (EASY: Lifka, JSSPP'95).
   */
  behindHead: 'wait' | 'pass' | 'backfill';
  placement: PlacementName;
  /** All pods of a gang start together; otherwise those that fit hold their cards and wait. */
  gang: boolean;
  /** Jobs of higher priority may stop those of lower priority, which begin again later. */
  preempts: boolean;
  /** How a request for a part of a card is met. */
  sharing: 'as-asked' | 'whole-cards' | 'mig-slices';
}

const podByPod = {
  order: 'arrival',
  behindHead: 'pass',
  placement: 'best-fit',
  gang: false,
  preempts: false,
  sharing: 'as-asked',
} as const satisfies QueuePolicy;

const batch = { ...podByPod, placement: 'first-fit', gang: true } as const satisfies QueuePolicy;

/** Policies of the waiting line; every placement is one too, pod by pod as Kubernetes does. */
const named = {
  fifo: { ...batch, behindHead: 'wait' },
  'shortest-job': { ...batch, order: 'shortest' },
  'fair-share': { ...batch, order: 'fair' },
  'gang-backfill': { ...batch, behindHead: 'backfill', placement: 'best-fit' },
  'preemptive-priority': { ...batch, order: 'priority', preempts: true, placement: 'best-fit' },
  'whole-cards': { ...podByPod, sharing: 'whole-cards' },
  mps: podByPod,
  mig: { ...podByPod, sharing: 'mig-slices' },
} as const satisfies Record<Exclude<QueuePolicyName, PlacementName>, QueuePolicy>;

/** Names of policies that only make sense with recorded arrivals and departures. */
export const queueOnlyNames = Object.keys(named) as Array<keyof typeof named>;

/** Every name that a policy can be asked for by. */
export const queuePolicyNames: readonly QueuePolicyName[] = [
  ...(Object.keys(placements) as PlacementName[]),
  ...queueOnlyNames,
];

export const queuePolicy = (name: QueuePolicyName): QueuePolicy =>
  name in named
    ? named[name as keyof typeof named]
    : { ...podByPod, placement: name as PlacementName };
