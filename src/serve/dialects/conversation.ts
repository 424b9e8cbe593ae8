import type { TokenCounts } from '../../records/request-record.ts';

/**
 * The common form that translation between dialects goes through. It carries what both sides can
 * say; what only one can say is refused by name or dropped with a documented reason (docs/dialects.md).
 */
export interface Conversation {
  kind: 'chat' | 'completion' | 'embedding';
  model: string;
  stream: boolean;
  /** System text, in order; joined with blank lines where a dialect takes one string. */
  system: string[];
  messages: Message[];
  /** Embedding inputs; empty otherwise. */
  inputs: Array<string | number[]>;
  tools: Tool[];
  toolChoice: { mode: 'auto' | 'none' | 'any' } | { mode: 'tool'; name: string } | null;
  parallelToolCalls: boolean | null;
  maxTokens: number | null;
  temperature: number | null;
  topP: number | null;
  topK: number | null;
  stop: string[];
  n: number;
  user: string | null;
  /** JSON schema that the reply must match, or true for any JSON object. */
  jsonSchema: { name: string; schema: Record<string, unknown>; strict: boolean } | true | null;
}

export type Message =
  | { role: 'user'; parts: Part[] }
  | { role: 'assistant'; parts: Part[]; toolCalls: ToolCall[] }
  | { role: 'tool'; toolCallId: string; parts: Part[]; isError: boolean };

export type Part =
  | { type: 'text'; text: string }
  | { type: 'image'; url: string }
  | { type: 'image-data'; mediaType: string; base64: string };

export interface Tool {
  name: string;
  description: string | null;
  parameters: Record<string, unknown>;
  /** The arguments must match `parameters` exactly; absent is the engine's default. */
  strict?: boolean;
}

/** `argumentsJson` is the raw JSON text, as the model wrote it. */
export interface ToolCall {
  id: string;
  name: string;
  argumentsJson: string;
}

export type StopReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/** A finished reply in the common form; one choice per `n`. */
export interface Reply {
  id: string;
  model: string;
  createdAtS: number;
  choices: Array<{ text: string; toolCalls: ToolCall[]; stopReason: StopReason }>;
  embeddings: Array<number[] | string>;
  usage: TokenCounts;
}

/** A stream in the common form. Indexes of tool calls count from 0 within their choice. */
export type ReplyEvent =
  | { type: 'start'; id: string; model: string; createdAtS: number; usage: TokenCounts | null }
  | { type: 'text'; choice: number; text: string }
  | { type: 'tool-start'; choice: number; index: number; id: string; name: string }
  | { type: 'tool-arguments'; choice: number; index: number; json: string }
  | { type: 'finish'; choice: number; stopReason: StopReason }
  | { type: 'usage'; usage: TokenCounts }
  | { type: 'end' };
