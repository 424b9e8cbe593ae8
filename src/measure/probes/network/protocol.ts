import { z } from 'zod';

/**
 * What a probe asks of an agent: one line of JSON, then the work on the same connection.
 * `echo`: each message of `messageBytes` comes back. `sink`: the agent reads until the asker ends, then
 * answers one line `{"bytes":N,"ms":T}`. `source`: the agent sends for `durationMs`, then ends.
 */
export const order = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('echo'),
    token: z.string(),
    messageBytes: z.int().min(1).max(65_536),
  }),
  z.strictObject({ op: z.literal('sink'), token: z.string() }),
  z.strictObject({
    op: z.literal('source'),
    token: z.string(),
    durationMs: z.int().min(1).max(60_000),
  }),
]);
export type Order = z.infer<typeof order>;

export const sinkReply = z.object({ bytes: z.number(), ms: z.number() });

/** An order is far shorter; more without a line end is not a probe. */
export const MAX_ORDER_BYTES = 1024;
export const CHUNK_BYTES = 262_144;
