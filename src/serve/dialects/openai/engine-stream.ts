import { fail, ok, type Result } from '../../../records/errors.ts';
import type { TokenCounts } from '../../../records/request-record.ts';
import type { Conversation, ReplyEvent } from '../conversation.ts';
import type { SseEvent } from '../dialect.ts';
import { isObject, objectsIn, parseJson, textOr, type JsonObject } from '../json-fields.ts';
import { madeId, type ReplySource } from '../source.ts';
import { looseText } from './chat-content.ts';
import { createdAt, stopReasonOf } from './engine-reply.ts';
import { errorMessage } from '../error-message.ts';
import { createToolCallReader, type ToolCallReader } from './tool-call-stream.ts';
import { readUsage } from './usage.ts';

/** Choices of one stream; the API allows 128. */
const choicesMax = 128;

/**
 * Reads `chat.completion.chunk` and `text_completion` frames. Usage is told once, at the end, since
 * some servers repeat it on every frame. What a choice sends after its finish reason is passed
 * over.
 */
export function openaiStreamReader(
  ask: Conversation,
  source: ReplySource,
): (event: SseEvent) => Result<ReplyEvent[]> {
  const reader = new StreamReader(ask, source);
  return (event) => reader.read(event);
}

type Failure = ReturnType<typeof fail>;

interface ChoiceState {
  tools: ToolCallReader;
  finished: boolean;
  refused: boolean;
}

class StreamReader {
  readonly #ask: Conversation;
  readonly #source: ReplySource;
  readonly #choices = new Map<number, ChoiceState>();
  #id = '';
  #usage: TokenCounts | null = null;
  #ended = false;

  constructor(ask: Conversation, source: ReplySource) {
    this.#ask = ask;
    this.#source = source;
  }

  read(event: SseEvent): Result<ReplyEvent[]> {
    if (this.#ended) return ok([]);
    if (event.data === '[DONE]') return this.#end();
    const chunk = parseJson(event.data);
    if (!isObject(chunk)) {
      return fail('TR_UPSTREAM_INVALID', 'the stream holds a frame that is not a JSON object');
    }
    if (event.event === 'error' || (chunk['error'] !== undefined && chunk['error'] !== null)) {
      const said = errorMessage(chunk);
      return fail('TR_UPSTREAM_ERROR', `the engine reported an error in its stream: ${said}`);
    }
    return this.#chunk(chunk);
  }

  #chunk(chunk: JsonObject): Result<ReplyEvent[]> {
    const events: ReplyEvent[] = [];
    if (this.#id === '') events.push(this.#start(chunk));
    this.#usage = readUsage(chunk['usage']) ?? this.#usage;
    for (const choice of objectsIn(chunk['choices'])) {
      const index = (choice['index'] ?? 0) as number;
      if (!Number.isInteger(index) || !(index >= 0 && index < choicesMax)) {
        return fail('TR_UPSTREAM_INVALID', 'the stream holds a choice with an index out of range');
      }
      const error = this.#choice(index, choice, events);
      if (error !== null) return error;
    }
    return ok(events);
  }

  #start(chunk: JsonObject): ReplyEvent {
    this.#id = textOr(chunk['id'], '') || `chatcmpl-${madeId(this.#source)}`;
    return {
      type: 'start',
      id: this.#id,
      model: textOr(chunk['model'], '') || this.#ask.model,
      createdAtS: createdAt(chunk['created'], this.#source),
      usage: readUsage(chunk['usage']),
    };
  }

  #choice(index: number, choice: JsonObject, events: ReplyEvent[]): Failure | null {
    const state = this.#state(index);
    if (state.finished) return null;
    const delta = choice['delta'];
    const text = isObject(delta)
      ? looseText(delta['content']) + this.#refusal(delta, state)
      : textOr(choice['text'], '');
    if (text !== '') events.push({ type: 'text', choice: index, text });
    if (isObject(delta)) {
      const problem = state.tools.read(delta['tool_calls'], events);
      if (problem !== null) return fail('TR_UPSTREAM_INVALID', problem);
    }
    const reason = choice['finish_reason'];
    return typeof reason === 'string' ? this.#finish(index, state, reason, events) : null;
  }

  #finish(
    index: number,
    state: ChoiceState,
    reason: string | null,
    events: ReplyEvent[],
  ): Failure | null {
    state.finished = true;
    const problem = state.tools.finish();
    if (problem !== null) return fail('TR_UPSTREAM_INVALID', problem);
    const seen = { calls: state.tools.count > 0, refused: state.refused };
    events.push({ type: 'finish', choice: index, stopReason: stopReasonOf(reason, seen) });
    return null;
  }

  #refusal(delta: JsonObject, state: ChoiceState): string {
    const refusal = textOr(delta['refusal'], '');
    if (refusal !== '') state.refused = true;
    return refusal;
  }

  #state(index: number): ChoiceState {
    const known = this.#choices.get(index);
    if (known !== undefined) return known;
    const tools = createToolCallReader(index, () => this.#id);
    const state = { tools, finished: false, refused: false };
    this.#choices.set(index, state);
    return state;
  }

  #end(): Result<ReplyEvent[]> {
    this.#ended = true;
    if (this.#id === '')
      return fail('TR_UPSTREAM_INVALID', 'the stream ended before its first frame');
    const events: ReplyEvent[] = [];
    for (const [index, state] of this.#choices) {
      const error = state.finished ? null : this.#finish(index, state, null, events);
      if (error !== null) return error;
    }
    if (this.#usage !== null) events.push({ type: 'usage', usage: this.#usage });
    events.push({ type: 'end' });
    return ok(events);
  }
}
