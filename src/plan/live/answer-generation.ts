import type { IncomingMessage, ServerResponse } from 'node:http';
import { newId } from '../../records/ids.ts';
import { mixSeeds } from '../core/random.ts';
import type { Ticket } from '../engine/engine-core.ts';
import { admit, submit } from './admit.ts';
import type { EngineHost } from './engine-host.ts';
import { openEventStream } from './event-stream.ts';
import type { Fault } from './faults.ts';
import type { ReplyHead } from './frames.ts';
import { streamReply, unaryReply, type Choice } from './generation-reply.ts';
import { reject, type Reading } from './http-error.ts';
import { drawOutputLength, type OutputLength } from './output-text.ts';
import type { GenerationAsk } from './read-request.ts';
import { sendError } from './send.ts';

interface Planned extends OutputLength {
  promptTokens: number;
  seed: number;
}

/** Answers /v1/chat/completions and /v1/completions. */
export function answerGeneration(
  host: EngineHost,
  ask: GenerationAsk,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const unknown = host.checkModel(ask.model);
  if (unknown !== null) return sendError(response, unknown);
  const seed = host.requestSeed(ask.seed);
  const planned = planSequences(ask, seed, host.engine.maxTokens);
  if (!planned.ok) return sendError(response, planned.error);
  admit(host, seed, request, response, (fault) => run(host, ask, planned.value, fault, response));
}

/** Prompt and output length of each choice, or why the request cannot fit. */
function planSequences(ask: GenerationAsk, seed: number, maxTokens: number): Reading<Planned[]> {
  const planned: Planned[] = [];
  for (const promptTokens of ask.prompts) {
    const room = maxTokens - promptTokens;
    if (room < (ask.maxTokens ?? 1))
      return reject(...tooLong(maxTokens, promptTokens, ask.maxTokens));
    for (let i = 0; i < ask.n; i += 1) {
      const own = mixSeeds(seed, planned.length);
      const length: OutputLength =
        ask.ignoreEos && ask.maxTokens !== null
          ? { tokens: ask.maxTokens, finishReason: 'length' }
          : drawOutputLength(own, ask.maxTokens ?? room);
      planned.push({ ...length, promptTokens, seed: own });
    }
  }
  return { ok: true, value: planned };
}

const tooLong = (
  maxTokens: number,
  promptTokens: number,
  asked: number | null,
): [message: string, param: string, code: string] => [
  `This model's maximum context length is ${maxTokens} tokens, but the request has ` +
    `${promptTokens} in the prompt${asked === null ? '' : ` and asks for ${asked} more`}.`,
  asked === null ? 'messages' : 'max_tokens',
  'context_length_exceeded',
];

function run(
  host: EngineHost,
  ask: GenerationAsk,
  planned: readonly Planned[],
  fault: Fault,
  response: ServerResponse,
): void {
  const submitted = submit(
    host,
    planned.map(({ promptTokens, tokens }) => ({ promptTokens, outputTokens: tokens })),
    response,
  );
  if (submitted === null) return;
  const { tickets, release } = submitted;
  const options = {
    head: replyHead(host, ask),
    choices: choicesOf(planned, tickets),
    promptTokens: ask.prompts.reduce((sum, tokens) => sum + tokens, 0),
    fault,
    onEnd: release,
  };
  const { includeUsage } = ask;
  const reply = ask.stream
    ? streamReply({
        ...options,
        includeUsage,
        open: (onDrain) => openEventStream(response, onDrain),
      })
    : unaryReply({ ...options, response });
  const reasons = planned.map(({ finishReason }) => finishReason);
  host.listen(tickets, reply, reasons);
}

function replyHead(host: EngineHost, ask: GenerationAsk): ReplyHead {
  const wallMs = host.clock.wallMs();
  return {
    kind: ask.kind,
    id: `${ask.kind === 'chat' ? 'chatcmpl' : 'cmpl'}-${newId(wallMs)}`,
    createdS: Math.floor(wallMs / 1000),
    model: ask.model,
  };
}

function choicesOf(planned: readonly Planned[], tickets: readonly Ticket[]): Choice[] {
  const choices: Choice[] = [];
  for (const [i, { seed, finishReason }] of planned.entries()) {
    const ticket = tickets[i];
    if (ticket !== undefined) choices.push({ ticket, seed, finishReason });
  }
  return choices;
}
