import { z } from 'zod';
import { requestRecord } from '../records/request-record.ts';

/** p50/p95/p99 of one metric in one step of time, milliseconds; null when empty. */
const percentiles = z.object({
  count: z.int(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
});

/**
 * One step of `GET /api/v1/series`. `heat` is the histogram of the asked-for metric:
 * pairs of [inclusive upper bound in ms, count] over fixed display buckets shared by all steps.
 */
export const seriesStep = z.object({
  fromMs: z.number(),
  toMs: z.number(),
  requests: z.int(),
  failed: z.int(),
  ttft: percentiles,
  tpot: percentiles,
  e2e: percentiles,
  heat: z.array(z.tuple([z.number(), z.int()])),
  /** Sum over the requests whose cost is known; null when none is. */
  usageUsd: z.number().nullable(),
  /** Requests whose cost is not in usageUsd because it is not known. */
  usageUnknownRequests: z.int(),
});

export const series = z.object({
  service: z.string().nullable(),
  metric: z.enum(['ttft', 'tpot', 'e2e']),
  stepMs: z.number(),
  steps: z.array(seriesStep),
});
export type Series = z.infer<typeof series>;

export const requestPage = z.object({
  total: z.int(),
  limit: z.int(),
  offset: z.int(),
  records: z.array(requestRecord),
});
export type RequestPage = z.infer<typeof requestPage>;

/** A key as it may be shown: never the key itself, never its hash. */
export const keyView = z.object({
  id: z.string(),
  name: z.string(),
  services: z.array(z.string()),
  tenant: z.string().nullable(),
  admin: z.boolean(),
  /** May push telemetry and do nothing else. */
  ingest: z.boolean(),
  source: z.enum(['config', 'store']),
  createdAtMs: z.number().nullable(),
  revokedAtMs: z.number().nullable(),
});
export type KeyView = z.infer<typeof keyView>;

export const keyList = z.object({ keys: z.array(keyView) });

export const keyCreate = z.strictObject({
  name: z.string().min(1).max(63),
  services: z.array(z.string()).default([]),
  tenant: z.string().min(1).max(128).optional(),
  admin: z.boolean().default(false),
});
export type KeyCreate = z.infer<typeof keyCreate>;

/** The only time the key itself is shown. */
export const keyCreated = keyView.extend({ key: z.string() });
export type KeyCreated = z.infer<typeof keyCreated>;

export const apiError = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    field: z.string().nullable(),
    requestId: z.string(),
  }),
});
export type ApiError = z.infer<typeof apiError>;
