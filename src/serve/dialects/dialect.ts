import type { TailraceError, Result } from '../../records/errors.ts';
import type { ClientDialect, EngineDialect, TokenCounts } from '../../records/request-record.ts';
import type { Conversation, Reply, ReplyEvent } from './conversation.ts';

/** What the request path must know of any request body, whatever its dialect. */
export interface RequestFacts {
  model: string;
  stream: boolean;
  /** The client asked for usage in the stream (always true where the dialect always sends it). */
  wantsUsage: boolean;
}

/** One server-sent event: `event` is empty when the frame had no event line. */
export interface SseEvent {
  event: string;
  data: string;
}

/**
 * A dialect as clients speak it: one per public endpoint. Same-dialect requests never pass through
 * the conversation form, so nothing is lost; the other methods serve translation and accounting.
 */
export interface ClientDialectForm {
  readonly id: ClientDialect;
  /** HTTP path, e.g. `/v1/chat/completions`. */
  readonly path: string;
  /** The engine dialect that takes this request as it is. */
  readonly native: EngineDialect;
  /** Path below an engine's base URL, for the native engine dialect, e.g. `/chat/completions`. */
  readonly enginePath: string;
  /** Reads the few fields the path needs; refuses wrong types with the field's name. */
  facts(body: Record<string, unknown>): Result<RequestFacts>;
  /** Token usage of a native unary reply or of one parsed stream frame; null when it has none. */
  usage(native: Record<string, unknown>): TokenCounts | null;
  /** Text that a native unary reply or stream frame adds to the output (for counting tokens here). */
  outputText(native: Record<string, unknown>): string;
  /** Text of the prompt, for counting tokens here. */
  promptText(body: Record<string, unknown>): string;
  /** The error shape that this dialect's clients parse; `requestId` is also in the message. */
  errorBody(error: TailraceError, requestId: string): Record<string, unknown>;
  /** The frame that reports an error inside a stream that has begun, as bytes on the wire. */
  errorFrame(error: TailraceError, requestId: string): string;
  /** Reads a request into the common form; refuses what it cannot carry, naming the field. */
  toConversation(body: Record<string, unknown>): Result<Conversation>;
  /** Writes a finished reply in this dialect. */
  fromReply(reply: Reply, ask: Conversation): Record<string, unknown>;
  /** A writer of this dialect's stream: reply events in, wire text out ('' for nothing). */
  streamWriter(
    ask: Conversation,
    options: { includeUsage: boolean },
  ): (event: ReplyEvent) => string;
}

/** A dialect as engines speak it, for requests that came in another one. */
export interface EngineDialectForm {
  readonly id: EngineDialect;
  /** Path below the engine's base URL for a conversation of this kind. */
  path(ask: Conversation): string;
  /** Headers that carry the engine's key and version. */
  headers(apiKey: string | undefined): Record<string, string>;
  /** Writes the request; refuses what this dialect cannot express (TR_DIALECT_UNSUPPORTED). */
  fromConversation(ask: Conversation): Result<Record<string, unknown>>;
  /** Reads a finished reply; TR_UPSTREAM_INVALID when it is not one. */
  toReply(body: Record<string, unknown>, ask: Conversation): Result<Reply>;
  /** A reader of this dialect's stream: one SSE event in, reply events out. */
  streamReader(ask: Conversation): (event: SseEvent) => Result<ReplyEvent[]>;
  /** The human part of an engine's error body, for the client's own error shape. */
  errorMessage(body: unknown): string;
}
