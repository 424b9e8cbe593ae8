import {
  cardsPerUnit,
  isMigSlice,
} from '../../../measure/sources/schedulers/accelerator-resource.ts';
import type { ClusterSnapshot } from '../../../measure/sources/schedulers/cluster-snapshot.ts';
import { freeDevices, type Unpriced } from './finding.ts';

/** MIG slices that no pod holds, with the resources that pods wait for meanwhile. */
export function unusedSlices(snapshot: ClusterSnapshot): Unpriced[] {
  const wanted = wantedResources(snapshot);
  return [...freeDevices(snapshot)].flatMap(([node, left]) =>
    Object.entries(left)
      .filter(([resource, units]) => isMigSlice(resource) && units > 0)
      .map(([resource, units]) => {
        const others = [...wanted].filter((one) => one !== resource);
        const waiting =
          others.length === 0 ? 'nothing waits' : `pods wait for ${others.join(', ')}`;
        return {
          rule: 'unused-slices' as const,
          subject: `node ${node.name}`,
          gpus: units * cardsPerUnit(resource, 1),
          evidence: `${units} of ${node.devices[resource] ?? 0} x ${resource} free; ${waiting}`,
          fix:
            others.length === 0
              ? 'offer the slices to small services and notebooks, or join them into larger ones'
              : 'partition the card anew for what waits (label nvidia.com/mig.config)',
          confidence: 'high' as const,
        };
      }),
  );
}

function wantedResources({ pods, waiting }: ClusterSnapshot): Set<string> {
  const unschedulable = pods.filter((pod) => pod.unschedulable !== null);
  return new Set([...unschedulable, ...waiting].flatMap(({ devices }) => Object.keys(devices)));
}
