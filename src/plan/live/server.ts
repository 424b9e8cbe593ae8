import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../records/clock.ts';
import { countTokens } from '../../records/token-count.ts';
import { answerEmbeddings } from './answer-embeddings.ts';
import { answerGeneration } from './answer-generation.ts';
import { createEngineHost, type EngineHost } from './engine-host.ts';
import { patchFaults } from './faults.ts';
import type { HttpError, Reading } from './http-error.ts';
import { readJsonBody } from './read-body.ts';
import { readChat, readCompletion, readEmbedding } from './read-request.ts';
import { sendError, sendJson, sendText } from './send.ts';
import type { SimulatedEngineConfig } from './simulated-config.ts';

export interface SimulatedEngine {
  /** Base URL of the OpenAI dialect, ending in /v1. */
  url: string;
  metricsUrl: string;
  /** Stops listening and closes every connection, replies in progress included. */
  close(): Promise<void>;
}

export interface EngineLogger {
  info(message: string, fields?: Record<string, string | number>): void;
  error(message: string, fields?: Record<string, string | number>): void;
}

type Answer = (
  host: EngineHost,
  request: IncomingMessage,
  response: ServerResponse,
) => void | Promise<void>;

/**
 * Starts an OpenAI-compatible server on loopback that behaves in time, queueing, memory and power like the
 * configured model on the configured accelerator, as far as docs/simulated-engine.md says. Every reply is marked
 * as simulated. Throws a TailraceError (TR_CONFIG_INVALID) for what cannot be simulated.
 */
export async function startSimulatedEngine(options: {
  config: SimulatedEngineConfig;
  clock: Clock;
  logger?: EngineLogger;
}): Promise<SimulatedEngine> {
  const { config, clock, logger } = options;
  const host = createEngineHost(config, clock);
  // Loads the tokenizer's tables now, so that no request waits for them.
  countTokens('warm up');
  const server = createServer({ noDelay: true, keepAliveTimeout: 75_000 }, (request, response) => {
    void route(host, request, response).catch((error: unknown) => {
      // A client that went away while it sent its body is nothing to report.
      if (request.destroyed || response.destroyed) return;
      const message = error instanceof Error ? error.message : String(error);
      logger?.error('simulated engine failed on a request', {
        engine: config.name,
        error: message,
      });
      sendError(response, internalError);
    });
  });
  const port = await listen(server, host.engine.settings.port);
  const origin = `http://127.0.0.1:${port}`;
  logger?.info('simulated engine listens', { engine: config.name, port });
  return {
    url: `${origin}/v1`,
    metricsUrl: `${origin}/metrics`,
    close: () =>
      new Promise((resolve) => {
        host.loop.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const internalError: HttpError = {
  status: 500,
  message: 'the simulated engine failed',
  type: 'server_error',
  param: null,
  code: 'internal_error',
};

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** An endpoint that takes a JSON body of one form. */
const posted =
  <T>(
    read: (body: unknown) => Reading<T>,
    answer: (host: EngineHost, ask: T, request: IncomingMessage, response: ServerResponse) => void,
  ): Answer =>
  async (host, request, response) => {
    const body = await readJsonBody(request);
    const ask = body.ok ? read(body.value) : body;
    if (ask.ok) answer(host, ask.value, request, response);
    else refuse(request, response, ask.error);
  };

/** A body that was not read to its end leaves the connection unusable. */
function refuse(request: IncomingMessage, response: ServerResponse, error: HttpError): void {
  if (!request.complete) response.setHeader('connection', 'close');
  sendError(response, error);
}

const routes: Readonly<Record<string, Answer>> = {
  'POST /v1/chat/completions': posted(readChat, answerGeneration),
  'POST /v1/completions': posted(readCompletion, answerGeneration),
  'POST /v1/embeddings': posted(readEmbedding, answerEmbeddings),
  'GET /v1/models': (host, _request, response) => {
    const data = host.modelNames().map((id) => modelJson(host, id));
    sendJson(response, 200, JSON.stringify({ object: 'list', data }));
  },
  'GET /metrics': (host, _request, response) => {
    const text = host.metrics.text(host.loop.meters(), host.loop.lagS());
    sendText(response, 200, 'text/plain; version=0.0.4; charset=utf-8', text);
  },
  'GET /health': (host, _request, response) => {
    sendText(response, host.warmInMs() > 0 ? 503 : 200, 'text/plain', '');
  },
  'GET /faults': (host, _request, response) => {
    sendJson(response, 200, JSON.stringify(host.faults()));
  },
  'POST /faults': async (host, request, response) => {
    const isJson = request.headers['content-type']?.startsWith('application/json') ?? false;
    // A web page cannot send this type to another origin without asking first.
    if (!isJson) return refuse(request, response, notJson);
    const body = await readJsonBody(request);
    const next = body.ok ? patchFaults(host.faults(), body.value) : body;
    if (!next.ok) return refuse(request, response, next.error);
    host.setFaults(next.value);
    sendJson(response, 200, JSON.stringify(next.value));
  },
};

const modelJson = (host: EngineHost, id: string) => ({
  id,
  object: 'model',
  created: 0,
  owned_by: 'tailrace-simulated',
  max_model_len: host.engine.maxTokens,
});

const MODEL_PATH = '/v1/models/';

/** The name after MODEL_PATH may hold slashes, escaped or not. */
function answerModel(host: EngineHost, path: string, response: ServerResponse): void {
  const name = decodedName(path.slice(MODEL_PATH.length));
  const unknown = host.checkModel(name);
  if (unknown !== null) return sendError(response, unknown);
  sendJson(response, 200, JSON.stringify(modelJson(host, name)));
}

function decodedName(escaped: string): string {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return escaped;
  }
}

const notJson: HttpError = {
  status: 415,
  message: 'content-type must be application/json',
  type: 'invalid_request_error',
  param: null,
  code: null,
};

async function route(
  host: EngineHost,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const answer = Object.hasOwn(routes, `${request.method} ${path}`)
    ? routes[`${request.method} ${path}`]
    : undefined;
  if (answer !== undefined) return answer(host, request, response);
  const isModel = path.startsWith(MODEL_PATH) && path !== MODEL_PATH;
  if (isModel && request.method === 'GET') return answerModel(host, path, response);
  const known =
    isModel || ['GET', 'POST'].some((method) => Object.hasOwn(routes, `${method} ${path}`));
  refuse(request, response, {
    status: known ? 405 : 404,
    message: known ? `${path} does not take ${request.method}` : `no such endpoint: ${path}`,
    type: 'not_found_error',
    param: null,
    code: null,
  });
}
