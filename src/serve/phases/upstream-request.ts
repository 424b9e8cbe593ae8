import { ok, type Result } from '../../records/errors.ts';
import type { Conversation } from '../dialects/conversation.ts';
import type { EngineDialectForm } from '../dialects/dialect.ts';
import { engineDialects } from '../dialects/index.ts';
import type { UpstreamRequest } from '../engines/transport.ts';
import type { Exchange } from '../exchange.ts';
import { setTopLevel } from '../passthrough/json-splice.ts';
import type { Target } from './route.ts';

/** A request as the engine will see it, and what is needed to read the reply. */
export interface UpstreamAsk {
  request: UpstreamRequest;
  /** Null where client and engine speak the same dialect and bytes pass through. */
  translation: { conversation: Conversation; engine: EngineDialectForm } | null;
  /** We asked for usage that the client did not ask for, and must not show it. */
  hideUsage: boolean;
  errorMessage: (body: Buffer) => string;
}

/** Client headers that engines understand and that carry no credential. */
const passedOn = [
  'traceparent',
  'tracestate',
  'anthropic-version',
  'anthropic-beta',
  'openai-beta',
  'x-tailrace-fault',
] as const;

export function translateRequest(x: Exchange, target: Target): Result<UpstreamAsk> {
  const { engine } = target;
  const form = engineDialects[engine.config.dialect];
  const errorMessage = (body: Buffer): string => form.errorMessage(parseOrText(body));
  if (x.dialect.native === engine.config.dialect) {
    const { text, hideUsage } = nativeBody(x, target.model);
    const path = engine.basePath + x.dialect.enginePath;
    const request = { path, headers: headersFor(x, target), body: text };
    return ok({ request, translation: null, hideUsage, errorMessage });
  }
  const conversation = x.dialect.toConversation(x.body);
  if (!conversation.ok) return conversation;
  const ask = { ...conversation.value, model: target.model };
  const body = form.fromConversation(ask);
  if (!body.ok) return body;
  const request = {
    path: engine.basePath + form.path(ask),
    headers: headersFor(x, target),
    body: JSON.stringify(body.value),
  };
  return ok({
    request,
    translation: { conversation: ask, engine: form },
    hideUsage: false,
    errorMessage,
  });
}

/** The client's bytes, with at most the model name and the wish for usage changed. */
function nativeBody(x: Exchange, model: string): { text: string; hideUsage: boolean } {
  let text = x.bodyText;
  if (model !== x.facts?.model) text = setTopLevel(text, 'model', model);
  if (x.facts?.stream !== true || x.facts.wantsUsage) return { text, hideUsage: false };
  const options = x.body['stream_options'];
  const asked = typeof options === 'object' && options !== null ? options : {};
  text = setTopLevel(text, 'stream_options', { ...asked, include_usage: true });
  return { text, hideUsage: true };
}

function headersFor(x: Exchange, target: Target): string[] {
  const headers = [
    'content-type',
    'application/json',
    'accept',
    x.facts?.stream === true ? 'text/event-stream' : 'application/json',
    'x-request-id',
    x.id,
  ];
  const set = target.engine.headers;
  for (const name of passedOn) {
    const value = x.req.headers[name];
    if (typeof value === 'string' && !set.includes(name)) headers.push(name, value);
  }
  return headers.concat(set);
}

function parseOrText(body: Buffer): unknown {
  const text = body.toString('utf8', 0, 65_536);
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 500);
  }
}
