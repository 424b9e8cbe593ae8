import type { IncomingMessage, ServerResponse } from 'node:http';
import { admit, submit } from './admit.ts';
import type { EngineHost } from './engine-host.ts';
import { encodeEmbedding, embeddingOf } from './embedding.ts';
import type { Fault } from './faults.ts';
import { FINGERPRINT } from './frames.ts';
import { reject } from './http-error.ts';
import type { EmbeddingAsk } from './read-request.ts';
import { simulationReportOf } from './report.ts';
import { sendCut, sendError, sendJson } from './send.ts';

/** Numbers in one reply: writing them stops the engine for about 0.1 us each. */
const MAX_VALUES = 4_194_304;

const tooManyValues = reject(
  `input: inputs x dimensions must not exceed ${MAX_VALUES} numbers in one request`,
  'input',
).error;

/** Answers /v1/embeddings: each input is a sequence that ends with its prompt. */
export function answerEmbeddings(
  host: EngineHost,
  ask: EmbeddingAsk,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const unknown = host.checkModel(ask.model);
  if (unknown !== null) return sendError(response, unknown);
  const dimensions = ask.dimensions ?? host.engine.model.hidden;
  if (dimensions * ask.inputs.length > MAX_VALUES) return sendError(response, tooManyValues);
  const seed = host.requestSeed(null);
  admit(host, seed, request, response, (fault) => run(host, ask, fault, response));
}

function run(host: EngineHost, ask: EmbeddingAsk, fault: Fault, response: ServerResponse): void {
  const submitted = submit(
    host,
    ask.inputs.map(({ tokens }) => ({ promptTokens: tokens, outputTokens: 0 })),
    response,
  );
  if (submitted === null) return;
  const { tickets, release } = submitted;
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
