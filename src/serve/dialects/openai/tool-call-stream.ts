import type { ReplyEvent } from '../conversation.ts';
import { isAbsent, isObject, objectsIn, textOr, type JsonObject } from '../json-fields.ts';

/**
 * Puts the tool-call deltas of one choice in order. The wire's `index` says which call a delta
 * belongs to; servers that are not OpenAI may leave it out, or give every call index 0 and a new
 * id, and may send the name later than the id. Indexes of the events count from 0 in order of
 * appearance.
 */
export interface ToolCallReader {
  /** Calls seen so far. */
  readonly count: number;
  /** Appends events for `deltas`; returns what is wrong with them, or null. */
  read(deltas: unknown, events: ReplyEvent[]): string | null;
  /** To be called when the choice ends; returns what is wrong with the calls, or null. */
  finish(): string | null;
}

interface Call {
  index: number;
  id: string;
  name: string;
  /** Arguments that came before the name; null once the call has started. */
  held: string | null;
}

/** Calls of one choice, to bound what is kept of a stream. */
const callsMax = 1024;
const heldCharsMax = 1_048_576;

const nameless = 'the stream holds a tool call without a name';

export function createToolCallReader(choice: number, replyId: () => string): ToolCallReader {
  return new Reader(choice, replyId);
}

class Reader implements ToolCallReader {
  readonly #choice: number;
  readonly #replyId: () => string;
  readonly #calls: Call[] = [];
  readonly #byWireIndex = new Map<number, Call>();

  constructor(choice: number, replyId: () => string) {
    this.#choice = choice;
    this.#replyId = replyId;
  }

  get count(): number {
    return this.#calls.length;
  }

  read(deltas: unknown, events: ReplyEvent[]): string | null {
    if (isAbsent(deltas)) return null;
    for (const delta of objectsIn(deltas)) {
      const problem = this.#delta(delta, events);
      if (problem !== null) return problem;
    }
    return null;
  }

  finish(): string | null {
    return this.#calls.some((call) => call.held !== null) ? nameless : null;
  }

  #delta(delta: JsonObject, events: ReplyEvent[]): string | null {
    const made = isObject(delta['function']) ? delta['function'] : {};
    const call = this.#callOf(delta, textOr(made['name'], ''));
    if (call === null) return `the stream holds more than ${callsMax} tool calls`;
    call.id ||= textOr(delta['id'], '');
    if (call.held !== null) call.name += textOr(made['name'], '');
    const given = made['arguments'];
    const json = isObject(given) ? JSON.stringify(given) : textOr(given, '');
    if (call.held === null) {
      if (json !== '') events.push(this.#arguments(call, json));
      return null;
    }
    call.held += json;
    if (call.held.length > heldCharsMax) return nameless;
    if (call.name !== '') this.#begin(call, events);
    return null;
  }

  #callOf(delta: JsonObject, name: string): Call | null {
    const wireIndex = typeof delta['index'] === 'number' ? delta['index'] : null;
    const id = textOr(delta['id'], '');
    const known = wireIndex === null ? this.#calls.at(-1) : this.#byWireIndex.get(wireIndex);
    // A new id alone is not enough: some servers make one up for every delta, but name a call once.
    const another =
      name !== '' && known?.held === null && id !== known.id && (id !== '' || wireIndex === null);
    if (known !== undefined && !another) return known;
    if (this.#calls.length >= callsMax) return null;
    const call: Call = { index: this.#calls.length, id, name: '', held: '' };
    this.#calls.push(call);
    if (wireIndex !== null) this.#byWireIndex.set(wireIndex, call);
    return call;
  }

  #begin(call: Call, events: ReplyEvent[]): void {
    const held = call.held ?? '';
    call.held = null;
    call.id ||= `call_${this.#replyId().replaceAll(/[^\w-]/g, '_')}_${call.index}`;
    const { index, id, name } = call;
    events.push({ type: 'tool-start', choice: this.#choice, index, id, name });
    if (held !== '') events.push(this.#arguments(call, held));
  }

  #arguments(call: Call, json: string): ReplyEvent {
    return { type: 'tool-arguments', choice: this.#choice, index: call.index, json };
  }
}
