import { z } from 'zod';

const hours = z.number().nonnegative();

/**
 * Card-hours of a cluster that no work was given, or that somebody left on, by cause; what work got is accounted for by
 * the jobs and engines themselves. From `tailrace cluster replay --json` or `tailrace cluster check --json`.
 */
export const clusterFacts = z.strictObject({
  name: z.string().min(1).max(200),
  noDemandHours: hours,
  quotaHours: hours,
  fragmentationHours: hours,
  queuePolicyHours: hours,
  maintenanceHours: hours,
  failedHours: hours,
  startingHours: hours.default(0),
  /** Of images or weights. */
  loadingHours: hours.default(0),
  leftOnHours: hours,
  unexplainedHours: hours,
  /** Card-hours that work was given: outside of this account, for its share of the cluster. */
  grantedHours: hours.nullable(),
  /** Length of a replayed trace; null: the hours are those of the window that is asked about. */
  spanHours: hours.nullable(),
  usdPerCardHour: z.number().nonnegative().nullable(),
  confidence: z.enum(['high', 'medium', 'low']),
  evidence: z.record(z.string(), z.string()),
  named: z.array(z.string().max(400)).max(1_000),
  notes: z.array(z.string().max(400)).max(100),
});
export type ClusterFacts = z.infer<typeof clusterFacts>;
