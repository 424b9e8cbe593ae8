import type { Conversation, Reply, ReplyEvent, StopReason } from '../conversation.ts';
import type { TokenCounts } from '../../../records/request-record.ts';
import type { JsonObject } from '../json-fields.ts';
import { writeUsage } from './usage.ts';

/** A finished reply as a `chat.completion` object. Usage is left out where it is not known. */
export function writeChatReply(reply: Reply): JsonObject {
  const usage = writeUsage(reply.usage);
  return {
    id: reply.id,
    object: 'chat.completion',
    created: reply.createdAtS,
    model: reply.model,
    choices: reply.choices.map((choice, index) => ({
      index,
      message: messageOf(choice),
      logprobs: null,
      finish_reason: choice.stopReason satisfies StopReason,
    })),
    ...(usage === null ? {} : { usage }),
  };
}

function messageOf(choice: Reply['choices'][number]): JsonObject {
  const calls = choice.toolCalls.map(({ id, name, argumentsJson }) => ({
    id,
    type: 'function',
    function: { name, arguments: argumentsJson },
  }));
  return {
    role: 'assistant',
    content: choice.text === '' && calls.length > 0 ? null : choice.text,
    refusal: null,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

/**
 * Writes `chat.completion.chunk` frames. Every choice begins with a chunk that names the role; the
 * usage chunk and `[DONE]` come at the end. Costs one JSON.stringify of the delta per event.
 */
export function chatStreamWriter(
  _ask: Conversation,
  options: { includeUsage: boolean },
): (event: ReplyEvent) => string {
  const writer = new ChatStreamWriter(options.includeUsage);
  return (event) => writer.write(event);
}

class ChatStreamWriter {
  readonly #tail: string;
  readonly #includeUsage: boolean;
  #head = '';
  readonly #begun = new Set<number>();
  #usage: TokenCounts | null = null;

  constructor(includeUsage: boolean) {
    this.#includeUsage = includeUsage;
    // As the API does: null on every chunk but the last, if it was asked for at all.
    this.#tail = includeUsage ? ',"usage":null}\n\n' : '}\n\n';
  }

  write(event: ReplyEvent): string {
    switch (event.type) {
      case 'start':
        this.#head = chunkHead(event.id, event.createdAtS, event.model);
        return this.#role(0);
      case 'text':
        return this.#chunk(event.choice, { content: event.text });
      case 'tool-start': {
        const made = { name: event.name, arguments: '' };
        const call = { index: event.index, id: event.id, type: 'function', function: made };
        return this.#chunk(event.choice, { tool_calls: [call] });
      }
      case 'tool-arguments': {
        const call = { index: event.index, function: { arguments: event.json } };
        return this.#chunk(event.choice, { tool_calls: [call] });
      }
      case 'finish':
        return this.#chunk(event.choice, {}, event.stopReason);
      case 'usage':
        this.#usage = event.usage;
        return '';
      case 'end':
        return `${this.#usageChunk()}data: [DONE]\n\n`;
    }
  }

  #role(choice: number): string {
    if (this.#begun.has(choice)) return '';
    this.#begun.add(choice);
    return this.#bare(choice, { role: 'assistant', content: '', refusal: null }, null);
  }

  #chunk(choice: number, delta: JsonObject, finishReason: StopReason | null = null): string {
    return this.#role(choice) + this.#bare(choice, delta, finishReason);
  }

  #bare(choice: number, delta: JsonObject, finishReason: StopReason | null): string {
    const reason = finishReason === null ? 'null' : `"${finishReason}"`;
    return (
      `${this.#head}{"index":${choice},"delta":${JSON.stringify(delta)},` +
      `"logprobs":null,"finish_reason":${reason}}]${this.#tail}`
    );
  }

  #usageChunk(): string {
    const usage = this.#usage === null || !this.#includeUsage ? null : writeUsage(this.#usage);
    return usage === null ? '' : `${this.#head}],"usage":${JSON.stringify(usage)}}\n\n`;
  }
}

const chunkHead = (id: string, createdAtS: number, model: string): string =>
  `data: {"id":${JSON.stringify(id)},"object":"chat.completion.chunk","created":${createdAtS},` +
  `"model":${JSON.stringify(model)},"system_fingerprint":null,"choices":[`;
