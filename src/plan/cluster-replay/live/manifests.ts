import { stringify } from 'yaml';
import type { ClusterSnapshot } from '../../../measure/sources/schedulers/cluster-snapshot.ts';

/** Kueue's API version to write when the cluster does not say. */
const DEFAULT_KUEUE = 'v1beta1';
const COHORT = 'tailrace';
const FLAVOR = 'tailrace-default';

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  [field: string]: unknown;
}

/** What each class of work is worth; batch never preempts, notebooks yield first. */
const PRIORITIES = [
  {
    name: 'tailrace-serving',
    value: 100_000,
    policy: 'PreemptLowerPriority',
    what: 'serves users',
  },
  { name: 'tailrace-batch', value: 10_000, policy: 'Never', what: 'training and batch jobs' },
  { name: 'tailrace-notebook', value: 1_000, policy: 'Never', what: 'notebooks and trials' },
] as const;

/**
 * PriorityClasses, and a Kueue queue for each namespace that holds accelerators: its quota is what
 * it holds now, all queues are one cohort, so that what one leaves another borrows and gets taken
 * back when it is wanted. What nobody holds belongs to a queue of its own, to be borrowed. As YAML
 * documents to read before they are applied; Tailrace applies nothing.
 */
export function clusterManifests(snapshot: ClusterSnapshot): string {
  const version = snapshot.kueueVersion ?? DEFAULT_KUEUE;
  const held = heldByNamespace(snapshot);
  const totals = totalQuota(snapshot);
  const resources = Object.keys(totals);
  const owned = [...held.values()];
  const rest = Object.fromEntries(
    resources.map((name) => [
      name,
      Math.max(0, (totals[name] ?? 0) - owned.reduce((sum, one) => sum + (one[name] ?? 0), 0)),
    ]),
  );
  const queueOf = (
    name: string,
    quota: Record<string, number>,
    namespace: string | null,
  ): Manifest => clusterQueue({ name, quota, resources, namespace, version });
  const documents: Manifest[] = [
    ...PRIORITIES.map(({ name, value, policy, what }) => ({
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name },
      value,
      globalDefault: false,
      preemptionPolicy: policy,
      description: what,
    })),
    { apiVersion: `kueue.x-k8s.io/${version}`, kind: 'ResourceFlavor', metadata: { name: FLAVOR } },
    queueOf('tailrace-unassigned', rest, null),
    ...[...held].flatMap(([namespace, quota]) => [
      queueOf(`tailrace-${namespace}`, quota, namespace),
      {
        apiVersion: `kueue.x-k8s.io/${version}`,
        kind: 'LocalQueue',
        metadata: { name: 'tailrace', namespace },
        spec: { clusterQueue: `tailrace-${namespace}` },
      },
    ]),
  ];
  return documents.map((document) => stringify(document)).join('---\n');
}

function clusterQueue(options: {
  name: string;
  quota: Readonly<Record<string, number>>;
  resources: readonly string[];
  namespace: string | null;
  version: string;
}): Manifest {
  const { name, quota, resources, namespace, version } = options;
  return {
    apiVersion: `kueue.x-k8s.io/${version}`,
    kind: 'ClusterQueue',
    metadata: { name },
    spec: {
      // v1beta2 renamed the field.
      [version === 'v1beta1' ? 'cohort' : 'cohortName']: COHORT,
      // Without a selector no namespace may use the queue: its quota is only there to be borrowed.
      ...(namespace === null
        ? {}
        : { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } }),
      preemption: { reclaimWithinCohort: 'Any', withinClusterQueue: 'LowerPriority' },
      resourceGroups: [
        {
          coveredResources: resources,
          flavors: [
            {
              name: FLAVOR,
              resources: resources.map((resource) => ({
                name: resource,
                nominalQuota: quantity(resource, quota[resource] ?? 0),
              })),
            },
          ],
        },
      ],
    },
  };
}

/** CPU in thousandths, memory in MiB, accelerators in units, as their quantities are written. */
function quantity(resource: string, value: number): string {
  if (resource === 'cpu') return `${Math.round(value)}m`;
  return resource === 'memory' ? `${Math.round(value)}Mi` : String(value);
}

type Quota = Record<string, number>;

function heldByNamespace({ pods }: ClusterSnapshot): Map<string, Quota> {
  const held = new Map<string, Quota>();
  for (const pod of pods) {
    if (pod.node === null || Object.keys(pod.devices).length === 0) continue;
    const quota = held.get(pod.namespace) ?? {};
    held.set(pod.namespace, quota);
    add(quota, 'cpu', pod.cpuMilli);
    add(quota, 'memory', pod.memoryMib);
    for (const [resource, units] of Object.entries(pod.devices)) add(quota, resource, units);
  }
  return held;
}

/** What nodes with accelerators have to give. */
function totalQuota({ nodes }: ClusterSnapshot): Quota {
  const totals: Quota = { cpu: 0, memory: 0 };
  for (const node of nodes) {
    if (Object.keys(node.devices).length === 0) continue;
    add(totals, 'cpu', node.cpuMilli);
    add(totals, 'memory', node.memoryMib);
    for (const [resource, units] of Object.entries(node.devices)) add(totals, resource, units);
  }
  return totals;
}

function add(quota: Quota, resource: string, value: number): void {
  quota[resource] = (quota[resource] ?? 0) + value;
}
