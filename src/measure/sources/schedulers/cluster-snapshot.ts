/** Units of accelerator resources by name, such as `nvidia.com/gpu` or `nvidia.com/mig-1g.10gb`. */
export type Devices = Readonly<Record<string, number>>;

export interface SnapshotNode {
  name: string;
  /** Ready and not cordoned. */
  usable: boolean;
  /** Why it takes no work, such as `cordoned` or `drain: bad link`; null when usable. */
  outOfUse: string | null;
  /** Whether its state is fresh; false: what its pods do is not known. */
  reports: boolean;
  /** Units that the node has and does not offer: cards that its device plug-in calls unhealthy. */
  withheld: Devices;
  gpuModel: string | null;
  /** Pods that share one card by time slicing or MPS; 1 without. */
  replicas: number;
  cpuMilli: number;
  memoryMib: number;
  devices: Devices;
}

/**
 * Where a pod or job is in its life: `waiting` for a node; `starting` its containers; `loading` its image or
 * weights; `working`; `failing` (ends and begins again); `ending`.
 */
export type PodStage = 'waiting' | 'starting' | 'loading' | 'working' | 'failing' | 'ending';

/** Why work waits though capacity may be free: a limit of its own, its place in line, or its own wish. */
export type Hold = 'quota' | 'policy' | 'own';

/** A part of the cluster that could not be read. */
export interface SnapshotGap {
  part: string;
  /** What the server said, with the verb and resource that are missing. */
  reason: string;
}

export interface SnapshotPod {
  /** Unique in the cluster; the same pod told twice has the same. */
  uid: string;
  stage: PodStage;
  /** What tells the stage, as the API says it. */
  stageWhy: string;
  /** Null: waits for capacity only. */
  hold: Hold | null;
  namespace: string;
  name: string;
  /** Pending, Running; those that have ended are left out. */
  phase: string;
  node: string | null;
  labels: Readonly<Record<string, string>>;
  images: readonly string[];
  priorityClass: string | null;
  cpuMilli: number;
  memoryMib: number;
  devices: Devices;
  /** When it was asked for. */
  createdAtMs: number | null;
  startedAtMs: number | null;
  /** What the scheduler says while it finds no node; null otherwise. */
  unschedulable: string | null;
}

/** A limit of one resource in one namespace (ResourceQuota). */
export interface NamespaceQuota {
  namespace: string;
  name: string;
  resource: string;
  hard: number;
  used: number;
}

/** Quota of one accelerator resource in one flavor of a Kueue ClusterQueue. */
export interface QueueQuota {
  queue: string;
  cohort: string | null;
  flavor: string;
  resource: string;
  nominal: number;
  /** Null: may borrow whatever the cohort has left. */
  borrowingLimit: number | null;
  used: number;
}

/** A Kueue workload that waits for quota. */
export interface WaitingWorkload {
  namespace: string;
  name: string;
  /** ClusterQueue; null when its LocalQueue is not known. */
  queue: string | null;
  why: string | null;
  devices: Devices;
  waitsSinceMs: number | null;
}

/** CPU and memory a pod uses now (metrics.k8s.io). */
export interface PodUse {
  namespace: string;
  name: string;
  cpuMilli: number;
  memoryMib: number;
}

/** A cluster at one moment, as its API tells it. */
export interface ClusterSnapshot {
  scheduler: 'kubernetes' | 'slurm';
  source: string;
  takenAtMs: number;
  nodes: SnapshotNode[];
  pods: SnapshotPod[];
  quotas: NamespaceQuota[];
  queues: QueueQuota[];
  waiting: WaitingWorkload[];
  /** Null when the cluster has no metrics API or does not let us read it. */
  use: PodUse[] | null;
  gaps: SnapshotGap[];
  /** API version of Kueue that the cluster prefers, such as `v1beta1`; null without Kueue. */
  kueueVersion: string | null;
}
