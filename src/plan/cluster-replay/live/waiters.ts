import type { ClusterSnapshot } from '../../../measure/sources/schedulers/cluster-snapshot.ts';
import { cardsOf, podKey } from './finding.ts';

/** Work that asks for cards and has none. */
export interface Waiter {
  /** `namespace/pod`, `user/job` or `namespace/workload`. */
  subject: string;
  /** Kueue's queue; null where there is none. */
  queue: string | null;
  cards: number;
  /** Since when; null where the scheduler does not say. */
  sinceMs: number | null;
  why: string | null;
}

const MAX_WAITERS = 500;

/** Who waits, most cards first; a job of several nodes is one. Those gated for Kueue are told by their workload. */
export function waitersOf(snapshot: ClusterSnapshot): Waiter[] {
  const waiters = new Map<string, Waiter>();
  for (const pod of snapshot.pods) {
    const cards = cardsOf(pod.devices, null);
    if (pod.node !== null || cards === 0) continue;
    if (pod.hold === 'policy' && snapshot.kueueVersion !== null) continue;
    const subject = podKey(pod);
    const known = waiters.get(subject);
    if (known !== undefined) known.cards += cards;
    else
      waiters.set(subject, {
        subject,
        queue: null,
        cards,
        sinceMs: pod.createdAtMs,
        why: pod.unschedulable,
      });
  }
  const workloads = snapshot.waiting.map((one) => ({
    subject: podKey(one),
    queue: one.queue,
    cards: cardsOf(one.devices, null),
    sinceMs: one.waitsSinceMs,
    why: one.why,
  }));
  return [...waiters.values(), ...workloads]
    .sort((a, b) => b.cards - a.cards)
    .slice(0, MAX_WAITERS);
}
