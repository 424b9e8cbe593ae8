import { z } from 'zod';

/**
 * The parts of Kubernetes objects that planning reads. Everything else passes unread: the API adds
 * fields with every version. What a cluster may leave out is optional.
 */
const quantities = z.record(z.string(), z.union([z.string(), z.number()]));
const metadata = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string().optional(),
  deletionTimestamp: z.string().nullish(),
  labels: z.record(z.string(), z.string()).optional(),
  creationTimestamp: z.string().nullish(),
});
const conditions = z
  .array(
    z.object({
      type: z.string(),
      status: z.string(),
      reason: z.string().optional(),
      message: z.string().optional(),
      lastTransitionTime: z.string().nullish(),
    }),
  )
  .optional();
const containerStatuses = z
  .array(
    z.object({
      name: z.string(),
      ready: z.boolean().optional(),
      started: z.boolean().nullish(),
      state: z
        .object({
          waiting: z.object({ reason: z.string().optional() }).nullish(),
          running: z.object({ startedAt: z.string().nullish() }).nullish(),
          terminated: z.object({ reason: z.string().optional() }).nullish(),
        })
        .optional(),
    }),
  )
  .nullish();
const container = z.object({
  image: z.string().optional(),
  resources: z
    .object({ requests: quantities.optional(), limits: quantities.optional() })
    .optional(),
});

export const kubeNode = z.object({
  metadata,
  spec: z.object({ unschedulable: z.boolean().optional() }).optional(),
  status: z
    .object({
      allocatable: quantities.optional(),
      capacity: quantities.optional(),
      conditions,
    })
    .optional(),
});

export const kubePod = z.object({
  metadata,
  spec: z.object({
    nodeName: z.string().optional(),
    priorityClassName: z.string().optional(),
    containers: z.array(container),
    initContainers: z.array(container).optional(),
    schedulingGates: z.array(z.object({ name: z.string() })).nullish(),
  }),
  status: z
    .object({
      phase: z.string().optional(),
      startTime: z.string().nullish(),
      conditions,
      containerStatuses,
      initContainerStatuses: containerStatuses,
    })
    .optional(),
});

/** What a kubelet says of a pod's images: core/v1 Event, reasons `Pulling` and `Pulled`. */
export const kubeEvent = z.object({
  involvedObject: z.object({ namespace: z.string().optional(), name: z.string().optional() }),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
});

export const kubeResourceQuota = z.object({
  metadata,
  status: z.object({ hard: quantities.optional(), used: quantities.optional() }).optional(),
});

export const kubePodMetrics = z.object({
  metadata,
  containers: z.array(z.object({ usage: quantities.optional() })),
});

export const kueueWorkload = z.object({
  metadata,
  spec: z.object({
    queueName: z.string().optional(),
    podSets: z
      .array(
        z.object({
          count: z.number().optional(),
          template: z.object({ spec: z.object({ containers: z.array(container) }) }),
        }),
      )
      .optional(),
  }),
  status: z
    .object({ conditions, admission: z.object({ clusterQueue: z.string() }).nullish() })
    .optional(),
});

export const kueueLocalQueue = z.object({
  metadata,
  spec: z.object({ clusterQueue: z.string().optional() }),
});

const flavors = <T extends z.ZodType>(resource: T) =>
  z.array(z.object({ name: z.string(), resources: z.array(resource) }));

export const kueueClusterQueue = z.object({
  metadata,
  spec: z.object({
    /** v1beta1; v1beta2 calls it cohortName. */
    cohort: z.string().optional(),
    cohortName: z.string().optional(),
    resourceGroups: z
      .array(
        z.object({
          flavors: flavors(
            z.object({
              name: z.string(),
              nominalQuota: z.union([z.string(), z.number()]),
              borrowingLimit: z.union([z.string(), z.number()]).nullish(),
            }),
          ),
        }),
      )
      .optional(),
  }),
  status: z
    .object({
      pendingWorkloads: z.number().optional(),
      flavorsUsage: flavors(
        z.object({ name: z.string(), total: z.union([z.string(), z.number()]).optional() }),
      ).optional(),
    })
    .optional(),
});

export type KubeNode = z.infer<typeof kubeNode>;
export type KubeEvent = z.infer<typeof kubeEvent>;
export type KubePod = z.infer<typeof kubePod>;
export type KubeResourceQuota = z.infer<typeof kubeResourceQuota>;
export type KubePodMetrics = z.infer<typeof kubePodMetrics>;
export type KueueWorkload = z.infer<typeof kueueWorkload>;
export type KueueLocalQueue = z.infer<typeof kueueLocalQueue>;
export type KueueClusterQueue = z.infer<typeof kueueClusterQueue>;
