import { z } from 'zod';

/** A trace that the instance keeps, or is reading, or could not read. */
export const traceEntry = z.strictObject({
  id: z.string(),
  name: z.string(),
  state: z.enum(['reading', 'ready', 'failed']),
  addedAtMs: z.number(),
  uploadBytes: z.number(),
  storedBytes: z.number().nullable().describe('Kept on disk; null until it is read.'),
  rank: z.number().nullable(),
  worldSize: z.number().nullable(),
  eventCount: z.number().nullable().describe('In the file, also those not shown.'),
  spanUs: z.number().nullable(),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
});

export type TraceEntry = z.infer<typeof traceEntry>;

/** What stands in the library beside the timeline; written last, so that it vouches for the rest. */
export const TRACE_FILE_VERSION = 1;
export const traceFile = z.object({
  version: z.literal(TRACE_FILE_VERSION),
  entry: traceEntry,
});
