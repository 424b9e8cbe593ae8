import type { EngineDialect } from '../../records/request-record.ts';
import { anthropicEngine } from './anthropic/engine.ts';
import { anthropicMessages } from './anthropic/messages.ts';
import type { ClientDialectForm, EngineDialectForm } from './dialect.ts';
import { openaiChat } from './openai/chat.ts';
import { openaiCompletions } from './openai/completions.ts';
import { openaiEmbeddings } from './openai/embeddings.ts';
import { openaiEngine } from './openai/engine.ts';
import { systemSource } from './source.ts';

/**
 * The wire dialects: what clients speak and what engines speak. Where the two are of one family the
 * path passes bytes through and uses only facts, usage and text from here; elsewhere a request
 * becomes a Conversation and a reply becomes a Reply or ReplyEvents, and back. A dialect must not
 * reach for the network, keep state beyond one request, or leave out what changes a reply's meaning
 * without refusing. Hot: `usage` and `outputText` (a few property reads), `push` of the SSE parser
 * (linear in bytes) and, for translated streams, one JSON.parse and one JSON.stringify per frame.
 */
export const clientDialects: readonly ClientDialectForm[] = [
  openaiChat,
  openaiCompletions,
  openaiEmbeddings,
  anthropicMessages,
];

export const engineDialects: Readonly<Record<EngineDialect, EngineDialectForm>> = {
  openai: openaiEngine(systemSource),
  anthropic: anthropicEngine(systemSource),
};
