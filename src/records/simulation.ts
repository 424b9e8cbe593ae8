import { z } from 'zod';

/**
 * What a simulated engine says of one request, in the `tailrace` member of its reply (unary) or of
 * its last data frame (stream). Milliseconds of simulated service; acceleratorSeconds and energyWh are this
 * request's share of the steps it ran in. Never present in a real engine's reply.
 */
export const simulationReport = z.object({
  simulated: z.literal(true),
  queueMs: z.number().nonnegative(),
  prefillMs: z.number().nonnegative(),
  decodeMs: z.number().nonnegative(),
  acceleratorSeconds: z.number().nonnegative(),
  energyWh: z.number().nonnegative(),
  preemptions: z.int().nonnegative(),
});
export type SimulationReport = z.infer<typeof simulationReport>;

/** Response header by which a simulated engine marks itself, and by which the gateway tells clients. */
export const SIMULATED_HEADER = 'x-tailrace-simulated';
