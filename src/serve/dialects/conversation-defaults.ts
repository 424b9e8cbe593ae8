import type { TokenCounts } from '../../records/request-record.ts';
import type { Conversation, Part } from './conversation.ts';

/** A conversation that asks for nothing in particular; dialects fill in what the request says. */
export function emptyConversation(
  kind: Conversation['kind'],
  model: string,
  stream: boolean,
): Conversation {
  return {
    kind,
    model,
    stream,
    system: [],
    messages: [],
    inputs: [],
    tools: [],
    toolChoice: null,
    parallelToolCalls: null,
    maxTokens: null,
    temperature: null,
    topP: null,
    topK: null,
    stop: [],
    n: 1,
    user: null,
    jsonSchema: null,
  };
}

export const unknownTokens: TokenCounts = {
  in: null,
  cachedIn: null,
  cacheWrite: null,
  out: null,
  reasoning: null,
};

/** Null when nothing at all is known. */
export function knownTokens(tokens: TokenCounts): TokenCounts | null {
  const { cachedIn, cacheWrite, out, reasoning } = tokens;
  const known = tokens.in ?? cachedIn ?? cacheWrite ?? out ?? reasoning;
  return known === null ? null : tokens;
}

export const textPart = (text: string): Part => ({ type: 'text', text });

export const textOf = (parts: readonly Part[]): string =>
  parts.map((part) => (part.type === 'text' ? part.text : '')).join('');

const dataUrl = /^data:([^;,]*)((?:;[^;,]*)*),(.*)$/s;

/**
 * An image URL as a part: `data:` URLs (RFC 2397) are taken apart, others stay as they are. Null
 * when a data URL is not base64, with a media type, which is all that both wires know.
 */
export function imageFromUrl(url: string): Part | null {
  if (!/^data:/i.test(url)) return { type: 'image', url };
  const match = dataUrl.exec(`data:${url.slice(5)}`);
  if (match === null) return null;
  const [, mediaType = '', parameters = '', base64 = ''] = match;
  if (mediaType === '' || !/;base64$/i.test(parameters)) return null;
  return { type: 'image-data', mediaType, base64 };
}
