import { TailraceError } from '../../../records/errors.ts';
import { isObject, parseJson, type JsonObject } from '../json-fields.ts';
import { sseFrame } from '../sse.ts';

/**
 * Content blocks of an Anthropic stream. On that wire blocks follow one another, while other
 * dialects may write several tool calls by turns. So the first open block is written as it comes
 * and later ones wait: until the first is known to be complete (text, once something else begins; a
 * call, once its arguments are a whole JSON object), or until the reply ends. Nothing is lost or
 * reordered within a block.
 */
export interface BlockQueue {
  text(text: string): string;
  toolStart(key: number, id: string, name: string): string;
  /** Throws TR_UPSTREAM_INVALID for a call that was not started or was complete. */
  toolArguments(key: number, json: string): string;
  /** Writes all that waits and closes the last block. */
  finish(): string;
}

interface Block {
  start: JsonObject;
  /** Tool-call index; null for text. */
  key: number | null;
  /** All arguments of the call so far, to know when they are complete. */
  json: string;
  /** Deltas that wait for earlier blocks. */
  waiting: string;
}

/** Characters that may wait or be looked at for completeness, over all blocks of one reply. */
const keptCharsMax = 16_777_216;

export function createBlockQueue(): BlockQueue {
  return new Queue();
}

class Queue implements BlockQueue {
  /** Blocks that are not closed; the first one is open on the wire. */
  #blocks: Block[] = [];
  #index = 0;
  #keptChars = 0;

  text(text: string): string {
    const last = this.#blocks.at(-1);
    if (last !== undefined && last.key === null) return this.#add(last, text);
    const begun = this.#begin({
      start: { type: 'text', text: '' },
      key: null,
      json: '',
      waiting: '',
    });
    const block = this.#blocks.at(-1);
    return block === undefined ? begun : begun + this.#add(block, text);
  }

  toolStart(key: number, id: string, name: string): string {
    const start = { type: 'tool_use', id, name, input: {} };
    return this.#begin({ start, key, json: '', waiting: '' });
  }

  toolArguments(key: number, json: string): string {
    const block = this.#blocks.find((one) => one.key === key);
    if (block !== undefined) return this.#add(block, json);
    if (json.trim() === '') return '';
    throw new TailraceError(
      'TR_UPSTREAM_INVALID',
      'the stream adds arguments to a tool call that is complete or was not started',
    );
  }

  finish(): string {
    let out = '';
    while (this.#blocks.length > 0) out += this.#close();
    return out;
  }

  #begin(block: Block): string {
    this.#blocks.push(block);
    if (this.#blocks.length === 1) return this.#open(block);
    let out = '';
    while (this.#blocks.length > 1 && isComplete(this.#blocks[0])) out += this.#close();
    return out;
  }

  #add(block: Block, text: string): string {
    if (text === '') return '';
    if (block.key !== null) {
      block.json += text;
      this.#keep(text.length);
    }
    if (block === this.#blocks[0]) return this.#delta(block, text);
    block.waiting += text;
    this.#keep(text.length);
    return '';
  }

  #open(block: Block): string {
    const started = frame('content_block_start', {
      index: this.#index,
      content_block: block.start,
    });
    const { waiting } = block;
    block.waiting = '';
    return waiting === '' ? started : started + this.#delta(block, waiting);
  }

  #delta(block: Block, text: string): string {
    const delta =
      block.key === null
        ? { type: 'text_delta', text }
        : { type: 'input_json_delta', partial_json: text };
    return frame('content_block_delta', { index: this.#index, delta });
  }

  #close(): string {
    this.#blocks.shift();
    const closed = frame('content_block_stop', { index: this.#index });
    this.#index += 1;
    const [next] = this.#blocks;
    return next === undefined ? closed : closed + this.#open(next);
  }

  #keep(chars: number): void {
    this.#keptChars += chars;
    if (this.#keptChars <= keptCharsMax) return;
    throw new TailraceError(
      'TR_UPSTREAM_TOO_LARGE',
      `the tool calls of the stream have more than ${keptCharsMax} characters`,
    );
  }
}

/** Asked of the first block when another one has begun. A whole JSON object cannot be continued. */
const isComplete = (block: Block | undefined): boolean =>
  block === undefined || block.key === null || isObject(parseJson(block.json));

export const frame = (type: string, fields: JsonObject): string =>
  sseFrame(type, JSON.stringify({ type, ...fields }));
