import { z } from 'zod';
import { basis } from './basis.ts';

/**
 * State of one engine over a short interval, from its own metrics. Shares are 0..1 and are averages
 * over the interval; null is unknown. busyShare: share of the interval in which the accelerator ran
 * a step. runningMean / waitingMean: requests in the batch / in the engine's queue.
 * acceleratorSeconds: accelerators x interval, the time that is paid for.
 */
export const engineSample = z.strictObject({
  engine: z.string(),
  fromMs: z.number(),
  toMs: z.number(),
  up: z.boolean(),
  acceleratorSeconds: z.number().nonnegative().nullable(),
  busyShare: z.number().min(0).max(1).nullable(),
  runningMean: z.number().nonnegative().nullable(),
  waitingMean: z.number().nonnegative().nullable(),
  batchLimit: z.number().nonnegative().nullable(),
  kvUsageShare: z.number().min(0).max(1).nullable(),
  preemptions: z.number().nonnegative().nullable(),
  energyWh: z.number().nonnegative().nullable(),
  basis,
  simulated: z.boolean(),
});
export type EngineSample = z.infer<typeof engineSample>;
