import { z } from 'zod';
import { tokenCounts } from './request-record.ts';

/**
 * A request to a model that other software served or made and reported over OpenTelemetry. Not a request record: nothing
 * here was measured by Tailrace, so it never enters latency or cost answers unless a reader asks for it by name.
 * `id` is `<trace id>-<span id>` (for a log without a span: a digest of its content), so what is sent twice is one.
 */
export const externalRequest = z.strictObject({
  v: z.literal(1),
  id: z.string(),
  source: z.string(),
  /** OpenTelemetry `service.name` of the sender. */
  service: z.string().nullable(),
  startedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  /** `chat`, `text_completion`, `embeddings`, `invoke_agent`, `execute_tool`, ... as sent. */
  operation: z.string().nullable(),
  /** `openai`, `anthropic`, `aws.bedrock`, ... as sent. */
  provider: z.string().nullable(),
  modelAsked: z.string().nullable(),
  modelServed: z.string().nullable(),
  tokens: tokenCounts,
  ttftMs: z.number().nonnegative().nullable(),
  finishReasons: z.array(z.string()),
  isError: z.boolean(),
  errorType: z.string().nullable(),
  conversationId: z.string().nullable(),
  promptName: z.string().nullable(),
  promptVersion: z.string().nullable(),
  /** Which generation of the conventions named it; `mixed` when names of both are there. */
  conventions: z.enum(['legacy', 'current', 'mixed']),
  /** Every attribute that has no field above, as sent; those of the resource begin with `resource.`. */
  attributes: z.record(z.string(), z.unknown()),
});
export type ExternalRequest = z.infer<typeof externalRequest>;
