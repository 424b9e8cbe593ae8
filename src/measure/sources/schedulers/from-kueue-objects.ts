import { isAccelerator } from './accelerator-resource.ts';
import type { Devices, QueueQuota, WaitingWorkload } from './cluster-snapshot.ts';
import { devicesOf } from './from-core-objects.ts';
import type { KueueClusterQueue, KueueLocalQueue, KueueWorkload } from './kube-objects.ts';
import { parseQuantity } from './quantity.ts';

/** Quotas of accelerators in each flavor of a ClusterQueue, with what is used of them. */
export function toQueueQuotas({ metadata, spec, status }: KueueClusterQueue): QueueQuota[] {
  const used = new Map(
    (status?.flavorsUsage ?? []).flatMap((flavor) =>
      flavor.resources.map(({ name, total }) => [`${flavor.name} ${name}`, total ?? 0]),
    ),
  );
  const flavors = (spec.resourceGroups ?? []).flatMap((group) => group.flavors);
  return flavors.flatMap((flavor) =>
    flavor.resources
      .filter(({ name }) => isAccelerator(name))
      .map(({ name, nominalQuota, borrowingLimit }) => ({
        queue: metadata.name,
        cohort: spec.cohortName ?? spec.cohort ?? null,
        flavor: flavor.name,
        resource: name,
        nominal: parseQuantity(nominalQuota) ?? 0,
        borrowingLimit:
          borrowingLimit === null || borrowingLimit === undefined
            ? null
            : parseQuantity(borrowingLimit),
        used: parseQuantity(used.get(`${flavor.name} ${name}`) ?? 0) ?? 0,
      })),
  );
}

/** Workloads without reserved quota that have not finished, with the reason Kueue gives. */
export function toWaiting(
  workloads: readonly KueueWorkload[],
  localQueues: readonly KueueLocalQueue[],
): WaitingWorkload[] {
  const clusterQueueOf = new Map(
    localQueues.map(({ metadata, spec }) => [
      `${metadata.namespace ?? ''} ${metadata.name}`,
      spec.clusterQueue ?? null,
    ]),
  );
  return workloads.flatMap((workload) => {
    const { metadata, spec, status } = workload;
    const condition = (type: string) => status?.conditions?.find((one) => one.type === type);
    if (condition('QuotaReserved')?.status === 'True') return [];
    if (condition('Finished')?.status === 'True') return [];
    const createdMs = Date.parse(metadata.creationTimestamp ?? '');
    return {
      namespace: metadata.namespace ?? 'default',
      name: metadata.name,
      queue: clusterQueueOf.get(`${metadata.namespace ?? ''} ${spec.queueName ?? ''}`) ?? null,
      why: condition('QuotaReserved')?.message ?? null,
      devices: workloadDevices(workload),
      waitsSinceMs: Number.isNaN(createdMs) ? null : createdMs,
    };
  });
}

function workloadDevices({ spec }: KueueWorkload): Devices {
  const sums: Record<string, number> = {};
  for (const { count = 1, template } of spec.podSets ?? []) {
    for (const { resources } of template.spec.containers) {
      const asked = devicesOf({ ...resources?.limits, ...resources?.requests });
      for (const [resource, units] of Object.entries(asked)) {
        sums[resource] = (sums[resource] ?? 0) + units * count;
      }
    }
  }
  return sums;
}
