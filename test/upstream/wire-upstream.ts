import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import * as anthropic from './anthropic-wire.ts';
import {
  answerWrongly,
  lastPart,
  streamFaultOf,
  throwIfAsked,
  type StreamFault,
} from './faults.ts';
import * as openai from './openai-wire.ts';
import type { Json } from './script.ts';
import { anthropicError, openaiError, WireError } from './wire-error.ts';

/**
 * Stands for a paid third-party service: an HTTP server that speaks OpenAI's and Anthropic's wire
 * formats as the real ones do, counts words as tokens, and fails on demand by model name
 * (faults.ts). Other model names: `no-usage` leaves usage out, `cached` reports half of the prompt
 * as read from a cache, `interleaved-tools` streams parallel tool calls by turns (OpenAI only).
 * What it says: script.ts.
 */
export interface WireUpstreamOptions {
  /** Requests must carry it; any key or none will do when it is not set. */
  apiKey?: string;
  /** Pause before each frame of a stream, milliseconds. */
  paceMs?: number;
}

export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  /** Null when the body was not a JSON object. */
  body: Json | null;
  /** The other side went away before the reply was complete. */
  aborted: boolean;
  /** Frames of the stream that were written so far. */
  framesSent: number;
}

export interface WireUpstream {
  /** Without a path; engines want `${url}/v1`. */
  url: string;
  /** What came in, oldest first; the last 1000. */
  requests: ReceivedRequest[];
  close(): Promise<void>;
}

const requestsKept = 1000;
const bodyBytesMax = 64 * 1024 * 1024;

export async function startWireUpstream(options: WireUpstreamOptions = {}): Promise<WireUpstream> {
  const upstream = new Upstream(options);
  const server = createServer((req, res) => void upstream.serve(req, res));
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: upstream.requests,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

class Upstream {
  readonly requests: ReceivedRequest[] = [];
  readonly #options: WireUpstreamOptions;
  #serial = 0;

  constructor(options: WireUpstreamOptions) {
    this.#options = options;
  }

  async serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    this.#serial += 1;
    const path = (req.url ?? '').split('?')[0] ?? '';
    const isAnthropic = path === '/v1/messages' || req.headers['anthropic-version'] !== undefined;
    const requestId = `req_wire${this.#serial}`;
    // Each provider names it differently.
    res.setHeader(isAnthropic ? 'request-id' : 'x-request-id', requestId);
    try {
      await this.#answer(req, res, path, isAnthropic);
    } catch (error) {
      if (res.destroyed || res.headersSent) return void res.destroy();
      const wire = error instanceof WireError ? error : new WireError(500, 'bug', String(error));
      if (wire.status === 429) res.setHeader('retry-after', '1');
      const body = isAnthropic ? anthropicError(wire, requestId) : openaiError(wire);
      json(res, wire.status, body);
    }
  }

  async #answer(
    req: IncomingMessage,
    res: ServerResponse,
    path: string,
    isAnthropic: boolean,
  ): Promise<void> {
    const received = this.#note(req, path);
    res.on('close', () => (received.aborted = !res.writableFinished));
    received.body = await readBody(req);
    this.#checkKey(req, isAnthropic);
    if (req.method === 'GET' && path === '/v1/models') return json(res, 200, models(isAnthropic));
    const { body } = received;
    if (req.method !== 'POST') throw new WireError(405, 'method_not_allowed', 'Use POST.');
    if (body === null)
      throw new WireError(400, 'invalid_json', 'We could not parse the JSON body.');
    if (typeof body['model'] !== 'string') {
      throw new WireError(400, 'missing_model', 'you must provide a model parameter', 'model');
    }
    throwIfAsked(body['model']);
    if (await answerWrongly(res, body['model'], body['stream'] === true)) return;
    await this.#generate(received, res, body, body['model']);
  }

  async #generate(
    received: ReceivedRequest,
    res: ServerResponse,
    body: Json,
    model: string,
  ): Promise<void> {
    const style = {
      serial: this.#serial,
      usage: lastPart(model) !== 'no-usage',
      cachedShare: lastPart(model) === 'cached' ? 0.5 : 0,
      interleaved: lastPart(model) === 'interleaved-tools',
    };
    if (received.path === '/v1/embeddings') return json(res, 200, openai.embeddings(body));
    if (received.path === '/v1/messages') {
      if (received.headers['anthropic-version'] === undefined) {
        throw new WireError(400, 'invalid', 'anthropic-version: header is required');
      }
      const ask = anthropic.readMessages(body);
      if (!ask.stream) return json(res, 200, anthropic.unaryMessage(ask, style));
      return this.#stream(received, res, anthropic.messageFrames(ask, style), model);
    }
    const ask = openaiRequest(received.path, body);
    if (!ask.stream) return json(res, 200, openai.unaryReply(ask, style));
    return this.#stream(received, res, openai.streamFrames(ask, style), model);
  }

  async #stream(
    received: ReceivedRequest,
    res: ServerResponse,
    frames: string[],
    model: string,
  ): Promise<void> {
    res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const fault = streamFaultOf(model);
    const { paceMs = 0 } = this.#options;
    for (const frame of frames) {
      if (fault !== null && received.framesSent === 4) return spoil(res, fault, received.path);
      if (paceMs > 0) await sleep(paceMs);
      if (res.destroyed) return;
      // A fault comes after what was sent before it, so that has to be on its way first.
      if (fault === null) res.write(frame);
      else await new Promise<void>((resolve) => res.write(frame, () => resolve()));
      received.framesSent += 1;
    }
    res.end();
  }

  #note(req: IncomingMessage, path: string): ReceivedRequest {
    const received: ReceivedRequest = {
      method: req.method ?? '',
      path,
      headers: req.headers,
      body: null,
      aborted: false,
      framesSent: 0,
    };
    this.requests.push(received);
    if (this.requests.length > requestsKept) this.requests.shift();
    return received;
  }

  #checkKey(req: IncomingMessage, isAnthropic: boolean): void {
    const { apiKey } = this.#options;
    if (apiKey === undefined) return;
    // Anthropic takes the key either way; its SDK sends a bearer token from version 1 on.
    const bearer = /^Bearer (.*)$/.exec(req.headers.authorization ?? '')?.[1];
    const sent = isAnthropic ? (req.headers['x-api-key'] ?? bearer) : bearer;
    if (sent === apiKey) return;
    throw new WireError(
      401,
      'invalid_api_key',
      isAnthropic ? 'invalid x-api-key' : 'Incorrect API key provided.',
    );
  }
}

function openaiRequest(path: string, body: Json): openai.OpenAiRequest {
  if (path === '/v1/chat/completions') return openai.readChat(body);
  if (path === '/v1/completions') return openai.readCompletion(body);
  throw new WireError(404, 'unknown_url', `Invalid URL (POST ${path})`);
}

function spoil(res: ServerResponse, fault: StreamFault, path: string): void {
  if (fault === 'cut-mid-stream') res.destroy();
  if (fault === 'garbage-mid-stream') res.end('data: {"id": not json\n\n');
  if (fault !== 'error-mid-stream') return;
  const message = 'The server had an error while processing your request.';
  const error =
    path === '/v1/messages'
      ? { type: 'error', error: { type: 'overloaded_error', message } }
      : { error: { message, type: 'server_error', param: null, code: null } };
  res.end(`${path === '/v1/messages' ? 'event: error\n' : ''}data: ${JSON.stringify(error)}\n\n`);
}

async function readBody(req: IncomingMessage): Promise<Json | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req) {
    bytes += (chunk as Buffer).length;
    if (bytes > bodyBytesMax) throw new WireError(413, 'too_large', 'The body is too large.');
    chunks.push(chunk as Buffer);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Json)
      : null;
  } catch {
    return null;
  }
}

function json(res: ServerResponse, status: number, body: Json): void {
  const bytes = Buffer.from(JSON.stringify(body));
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  res.end(bytes);
}

function models(isAnthropic: boolean): Json {
  if (!isAnthropic) {
    const model = { object: 'model', created: 1_721_172_741, owned_by: 'system' };
    return { object: 'list', data: [{ id: 'gpt-4o-mini', ...model }] };
  }
  const id = 'claude-sonnet-4-5-20250929';
  const model = { type: 'model', id, display_name: 'Claude Sonnet 4.5' };
  return {
    data: [{ ...model, created_at: '2025-09-29T00:00:00Z' }],
    has_more: false,
    first_id: id,
    last_id: id,
  };
}
