import { fail, ok, type Result } from '../../../records/errors.ts';
import type { TokenCounts } from '../../../records/request-record.ts';
import type { Conversation, ReplyEvent } from '../conversation.ts';
import type { SseEvent } from '../dialect.ts';
import { countOrNull, isObject, parseJson, textOr, type JsonObject } from '../json-fields.ts';
import { errorMessage } from '../error-message.ts';
import { madeId, nowS, type ReplySource } from '../source.ts';
import { readStopReason } from './stop-reason.ts';
import { readStartUsage, readUsage } from './usage.ts';

/**
 * Reads the events of an Anthropic message stream. Thinking, signatures, citations and blocks of
 * server tools are passed over, and so are pings and event types that are not known: the API says
 * that new ones may come.
 */
export function anthropicStreamReader(
  ask: Conversation,
  source: ReplySource,
): (event: SseEvent) => Result<ReplyEvent[]> {
  const reader = new StreamReader(ask, source);
  return (event) => reader.read(event);
}

/** A tool_use block that is open. */
interface OpenCall {
  /** Index among the reply's tool calls. */
  index: number;
  /** `input` of the block's start, for servers that send it whole there. */
  input: JsonObject;
  /** A delta that was not empty has come. */
  written: boolean;
}

const blocksMax = 4096;
const nothing: ReplyEvent[] = [];

class StreamReader {
  readonly #ask: Conversation;
  readonly #source: ReplySource;
  readonly #calls = new Map<number, OpenCall>();
  #callCount = 0;
  /** Latest raw counts: later frames may leave out what they do not change. */
  #usage: JsonObject = {};
  #started = false;
  #finished = false;
  #ended = false;

  constructor(ask: Conversation, source: ReplySource) {
    this.#ask = ask;
    this.#source = source;
  }

  read(event: SseEvent): Result<ReplyEvent[]> {
    if (this.#ended) return ok(nothing);
    const frame = parseJson(event.data);
    if (!isObject(frame)) {
      return fail('TR_UPSTREAM_INVALID', 'the stream holds a frame that is not a JSON object');
    }
    if (frame['type'] === 'error') {
      const said = errorMessage(frame);
      return fail('TR_UPSTREAM_ERROR', `the engine reported an error in its stream: ${said}`);
    }
    if (frame['type'] === 'message_start') return ok(this.#start(frame));
    if (frame['type'] === 'ping' || this.#started) return this.#frame(frame);
    return fail('TR_UPSTREAM_INVALID', 'the stream does not begin with message_start');
  }

  #frame(frame: JsonObject): Result<ReplyEvent[]> {
    switch (frame['type']) {
      case 'content_block_start':
        return this.#blockStart(frame);
      case 'content_block_delta':
        return ok(this.#blockDelta(frame));
      case 'content_block_stop':
        return ok(this.#blockStop(frame));
      case 'message_delta':
        return ok(this.#messageDelta(frame));
      case 'message_stop':
        return ok(this.#end());
      default:
        return ok(nothing);
    }
  }

  #start(frame: JsonObject): ReplyEvent[] {
    if (this.#started) return nothing;
    this.#started = true;
    const message = isObject(frame['message']) ? frame['message'] : {};
    const usage = readStartUsage(message['usage']);
    if (isObject(message['usage'])) this.#usage = { ...message['usage'] };
    // What message_start says of the output is a count in progress, not a result.
    delete this.#usage['output_tokens'];
    const id = textOr(message['id'], '') || `msg_${madeId(this.#source)}`;
    const model = textOr(message['model'], '') || this.#ask.model;
    return [{ type: 'start', id, model, createdAtS: nowS(this.#source), usage }];
  }

  #blockStart(frame: JsonObject): Result<ReplyEvent[]> {
    const block = frame['content_block'];
    if (!isObject(block)) return ok(nothing);
    if (block['type'] === 'text') {
      const text = textOr(block['text'], '');
      return ok(text === '' ? nothing : [{ type: 'text', choice: 0, text }]);
    }
    if (block['type'] !== 'tool_use') return ok(nothing);
    const { id, name, input } = block;
    const at = countOrNull(frame['index']);
    if (typeof id !== 'string' || typeof name !== 'string' || at === null) {
      return fail('TR_UPSTREAM_INVALID', 'a tool_use block of the stream has no id, name or index');
    }
    if (this.#callCount >= blocksMax) {
      return fail('TR_UPSTREAM_INVALID', `the stream holds more than ${blocksMax} tool calls`);
    }
    const index = this.#callCount;
    this.#callCount += 1;
    this.#calls.set(at, { index, input: isObject(input) ? input : {}, written: false });
    return ok([{ type: 'tool-start', choice: 0, index, id, name }]);
  }

  #blockDelta(frame: JsonObject): ReplyEvent[] {
    const delta = frame['delta'];
    if (!isObject(delta)) return nothing;
    if (delta['type'] === 'text_delta') {
      const text = textOr(delta['text'], '');
      return text === '' ? nothing : [{ type: 'text', choice: 0, text }];
    }
    const call = this.#calls.get(frame['index'] as number);
    const json = textOr(delta['partial_json'], '');
    if (call === undefined || json === '') return nothing;
    call.written = true;
    return [{ type: 'tool-arguments', choice: 0, index: call.index, json }];
  }

  /** A call without deltas has all its input at the start, usually none: other wires want `{}`. */
  #blockStop(frame: JsonObject): ReplyEvent[] {
    const at = frame['index'] as number;
    const call = this.#calls.get(at);
    this.#calls.delete(at);
    if (call === undefined || call.written) return nothing;
    const json = JSON.stringify(call.input);
    return [{ type: 'tool-arguments', choice: 0, index: call.index, json }];
  }

  #messageDelta(frame: JsonObject): ReplyEvent[] {
    const { delta, usage } = frame;
    if (isObject(usage)) {
      for (const [name, value] of Object.entries(usage)) {
        if (value !== null) this.#usage[name] = value;
      }
    }
    const reason = isObject(delta) ? delta['stop_reason'] : null;
    if (typeof reason !== 'string' || this.#finished) return nothing;
    this.#finished = true;
    return [{ type: 'finish', choice: 0, stopReason: readStopReason(reason) }];
  }

  #end(): ReplyEvent[] {
    this.#ended = true;
    const events: ReplyEvent[] = [];
    if (!this.#finished) events.push({ type: 'finish', choice: 0, stopReason: 'stop' });
    const usage: TokenCounts | null = readUsage(this.#usage);
    if (usage !== null) events.push({ type: 'usage', usage });
    events.push({ type: 'end' });
    return events;
  }
}
