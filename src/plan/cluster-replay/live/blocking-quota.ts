import { cardsPerUnit } from '../../../measure/sources/schedulers/accelerator-resource.ts';
import type {
  ClusterSnapshot,
  QueueQuota,
} from '../../../measure/sources/schedulers/cluster-snapshot.ts';
import { freeUnits, type Unpriced } from './finding.ts';

/**
 * Quota that keeps work waiting while accelerators are free: a namespace's ResourceQuota that is
 * used up, and Kueue queues whose workloads wait though other queues or nodes have capacity left.
 */
export function blockingQuota(snapshot: ClusterSnapshot): Unpriced[] {
  return [...namespaceQuotas(snapshot), ...queueQuotas(snapshot)];
}

function namespaceQuotas(snapshot: ClusterSnapshot): Unpriced[] {
  return snapshot.quotas.flatMap(({ namespace, name, resource, hard, used }) => {
    const free = freeUnits(snapshot, resource);
    if (used < hard || free === 0) return [];
    return {
      rule: 'blocking-quota' as const,
      subject: `${namespace}/${name}`,
      // Pods that a ResourceQuota refuses are never made: how many wait cannot be seen.
      gpus: null,
      evidence: `${used} of ${hard} x ${resource} used, while ${free} are free in the cluster`,
      fix: 'raise the quota, or move the namespace to a Kueue queue that may borrow what is free',
      confidence: 'high' as const,
    };
  });
}

function queueQuotas(snapshot: ClusterSnapshot): Unpriced[] {
  return snapshot.queues.flatMap((quota) => {
    const { queue, resource, nominal, used } = quota;
    const waiting = snapshot.waiting.filter((one) => one.queue === queue);
    const wanted = waiting.reduce((sum, one) => sum + (one.devices[resource] ?? 0), 0);
    const free = freeUnits(snapshot, resource);
    const usable = Math.min(wanted, free);
    const mayTake = Math.max(0, nominal - used) + mayBorrow(quota, snapshot.queues);
    if (usable === 0 || mayTake >= wanted) return [];
    return {
      rule: 'blocking-quota' as const,
      subject: `queue ${queue}`,
      gpus: Math.max(0, usable - mayTake) * cardsPerUnit(resource, 1),
      evidence:
        `${waiting.length} workloads wait for ${wanted} x ${resource}; ${used} of ${nominal} used, ` +
        `${free} free in the cluster` +
        (waiting[0]?.why === undefined || waiting[0].why === null ? '' : `; ${waiting[0].why}`),
      fix:
        quota.cohort === null
          ? 'put the queue in a cohort, so that it borrows what others leave'
          : 'raise its borrowing limit, or its nominal quota',
      confidence: 'high' as const,
    };
  });
}

/** What the queue may still borrow: what its cohort leaves unused, up to its limit. */
function mayBorrow(quota: QueueQuota, all: readonly QueueQuota[]): number {
  if (quota.cohort === null) return 0;
  const others = all.filter(
    (one) =>
      one.cohort === quota.cohort &&
      one.queue !== quota.queue &&
      one.flavor === quota.flavor &&
      one.resource === quota.resource,
  );
  const left = others.reduce((sum, { nominal, used }) => sum + Math.max(0, nominal - used), 0);
  const borrowed = Math.max(0, quota.used - quota.nominal);
  const limit = (quota.borrowingLimit ?? Number.POSITIVE_INFINITY) - borrowed;
  return Math.max(0, Math.min(left, limit));
}
