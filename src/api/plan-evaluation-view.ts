import { z } from 'zod';
import { quantizations, routings } from '../plan/plan-file/plan-schema.ts';

const known = z.number();
const maybe = z.number().nullable();

/** A figure with its interval; null is unknown. */
export const estimateView = z.strictObject({ value: maybe, lowest: maybe, highest: maybe });

/** Milliseconds over the requests that have it. */
export const latencyStatsView = z.strictObject({
  count: z.int(),
  mean: estimateView,
  p50: estimateView,
  p90: estimateView,
  p95: estimateView,
  p99: estimateView,
});

/** A constraint: its field, the value and its limit; `over` is null where it is without bound. */
export const violationView = z.strictObject({
  field: z.string(),
  value: maybe,
  limit: known,
  over: maybe,
});

const candidate = z.strictObject({
  accelerator: z.string(),
  quantization: z.enum(quantizations),
  tensorParallel: z.int(),
  maxSequences: z.int(),
  maxBatchedTokens: z.int(),
  gpuMemoryShare: known,
  routing: z.enum([...routings, 'power-of-two']),
  replicas: z.int(),
});

/** What one plan does with the workload, simulated. Shares are 0..1. */
export const evaluationView = z
  .strictObject({
    candidate,
    requests: z.int(),
    accelerators: z.int(),
    usdPerHour: known,
    priceSource: z.string(),
    ttftMs: latencyStatsView,
    tpotMs: latencyStatsView,
    e2eMs: latencyStatsView,
    utilization: z.strictObject({
      compute: known,
      memory: known,
      network: known,
      host: known,
      blocked: known,
      idle: known,
    }),
    meanRunning: known,
    kvShareMean: known,
    preemptions: z.int(),
    prefixHitShare: known,
    replicaKw: maybe,
    fleetKw: maybe,
    meanFacilityKw: maybe,
    whPerRequest: maybe,
    carbonKgPerHour: maybe,
    provenance: z.array(z.enum(['measured-table', 'fitted', 'roofline'])),
    stepFactors: z.strictObject({ low: known, high: known }),
    violations: z.array(violationView),
    tightest: violationView.nullable(),
  })
  .meta({ id: 'PlanEvaluation' });
