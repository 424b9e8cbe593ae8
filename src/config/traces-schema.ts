import { z } from 'zod';

const GIB = 1_073_741_824;

/** Profiler traces that people bring to look at. */
export const tracesConfig = z.strictObject({
  maxUploadBytes: z
    .int()
    .min(1024)
    .max(16 * GIB)
    .default(GIB)
    .describe('Largest trace file that is taken, as it comes (gzip or not).'),
  maxUnpackedBytes: z
    .int()
    .min(1024)
    .max(64 * GIB)
    .default(8 * GIB)
    .describe('Largest trace after it is unpacked.'),
  keepBytes: z
    .int()
    .min(0)
    .default(4 * GIB)
    .describe('Disk for traces; the oldest are deleted, the newest stays.'),
  keepDays: z.number().positive().default(30).describe('Older traces are deleted.'),
});
