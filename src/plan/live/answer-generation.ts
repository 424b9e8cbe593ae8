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
import {
  drawOutputLength,
  fillerOutput,
  fixedOutput,
  fixedOutputLength,
  type OutputLength,
} from './output-text.ts';
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
      planned.push({ ...outputLength(ask, own, room), promptTokens, seed: own });
    }
  }
  return { ok: true, value: planned };
}

function outputLength(ask: GenerationAsk, seed: number, room: number): OutputLength {
  const limit = ask.maxTokens ?? room;
  // Its end is part of what was asked for: ignore_eos does not reach it.
  if (ask.forced !== null) return fixedOutputLength(ask.forced.tokens.length, limit);
  return ask.ignoreEos && ask.maxTokens !== null
    ? { tokens: ask.maxTokens, finishReason: 'length' }
    : drawOutputLength(seed, limit);
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
  const head = replyHead(host, ask);
  const options = {
    head,
    choices: choicesOf(head, ask, planned, tickets),
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

function choicesOf(
  head: ReplyHead,
  { forced }: GenerationAsk,
  planned: readonly Planned[],
  tickets: readonly Ticket[],
): Choice[] {
  const choices: Choice[] = [];
  const toolName = forced?.toolName ?? null;
  for (const [i, { seed, finishReason }] of planned.entries()) {
    const ticket = tickets[i];
    if (ticket === undefined) continue;
    // Not from the seed: in one conversation two calls must not have one id, whatever seed the client sends.
    const toolCall = toolName === null ? null : { id: callId(head, i), name: toolName };
    const output = forced === null ? fillerOutput(seed) : fixedOutput(forced.tokens);
    choices.push({ ticket, output, finishReason, toolCall });
  }
  return choices;
}

/** At most 40 characters, which is what OpenAI takes when the call comes back in a conversation. */
const callId = ({ id }: ReplyHead, choice: number): string =>
  `call_${id.slice(id.indexOf('-') + 1).replaceAll('-', '')}${choice}`;
