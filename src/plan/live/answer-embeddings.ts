import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EngineHost } from './engine-host.ts';
import { encodeEmbedding, embeddingOf } from './embedding.ts';
import { FAULT_HEADER, type Fault } from './faults.ts';
import { FINGERPRINT } from './frames.ts';
import { injectedError, refusalError, startLater } from './answer-generation.ts';
import type { EmbeddingAsk } from './read-request.ts';
import { simulationReportOf } from './report.ts';
import { sendCut, sendError, sendJson } from './send.ts';

/** Answers /v1/embeddings: each input is a sequence that ends with its prompt. */
export function answerEmbeddings(
  host: EngineHost,
  ask: EmbeddingAsk,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const unknown = host.checkModel(ask.model);
  if (unknown !== null) return sendError(response, unknown);
  const header = request.headers[FAULT_HEADER];
  const seed = host.requestSeed(null);
  const fault = host.faultFor(typeof header === 'string' ? header : undefined, seed);
  if (!fault.ok) return sendError(response, fault.error);
  const start = (): void => run(host, ask, fault.value, response);
  if (fault.value.kind === 'error') sendError(response, injectedError);
  else if (fault.value.kind === 'slow-start') startLater(fault.value.ms, response, start);
  else start();
}

function run(host: EngineHost, ask: EmbeddingAsk, fault: Fault, response: ServerResponse): void {
  const tickets = host.loop.submit(
    ask.inputs.map(({ tokens }) => ({ promptTokens: tokens, outputTokens: 0 })),
  );
  if (typeof tickets === 'string') return sendError(response, refusalError(tickets));
  const release = (): void => host.release(tickets);
  response.once('close', release);
  const send = (): void => {
    const body = JSON.stringify({
      ...embeddingBody(host, ask),
      tailrace: simulationReportOf(tickets),
    });
    if (fault.kind === 'cut') sendCut(response, body);
    else sendJson(response, 200, body);
    release();
  };
  const listener = {
    flush(): void {
      if (!tickets.every(({ sequence }) => sequence.state === 'finished')) return;
      if (fault.kind === 'stall') setTimeout(send, fault.ms).unref();
      else send();
    },
  };
  host.listen(
    tickets,
    listener,
    tickets.map(() => 'stop'),
  );
}

function embeddingBody(host: EngineHost, ask: EmbeddingAsk): Record<string, unknown> {
  const { engine } = host;
  const dimensions = ask.dimensions ?? engine.model.hidden;
  const tokens = ask.inputs.reduce((sum, input) => sum + input.tokens, 0);
  return {
    object: 'list',
    model: ask.model,
    system_fingerprint: FINGERPRINT,
    data: ask.inputs.map(({ text }, index) => ({
      object: 'embedding',
      index,
      embedding: encodeEmbedding(embeddingOf(text, engine.settings.seed, dimensions), ask.base64),
    })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}
