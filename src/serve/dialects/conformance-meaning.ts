import type { TokenCounts } from '../../records/request-record.ts';
import type { Conversation, Message, Part, ReplyEvent, ToolCall } from './conversation.ts';

/**
 * Forms of conversations and streams in which things that mean the same are equal: how text is
 * divided into parts or deltas, JSON white space, who joins two messages of one turn.
 */
export function meaningOf(ask: Conversation): unknown {
  const turns: Array<{ role: string; content: unknown[] }> = [];
  for (const message of ask.messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const content = contentOf(message);
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else turns.push({ role, content });
  }
  return { ...ask, system: ask.system.filter((text) => text !== '').join('\n\n'), messages: turns };
}

function contentOf(message: Message): unknown[] {
  if (message.role === 'tool') {
    const { toolCallId, isError, parts } = message;
    return [{ result: toolCallId, isError, parts: joined(parts) }];
  }
  if (message.role === 'user') return joined(message.parts);
  return [...joined(message.parts), ...message.toolCalls.map(callOf)];
}

function joined(parts: readonly Part[]): Part[] {
  const all: Part[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (part.type !== 'text' || last?.type !== 'text') all.push(part);
    else all[all.length - 1] = { type: 'text', text: last.text + part.text };
  }
  return all.filter((part) => part.type !== 'text' || part.text !== '');
}

export const callOf = ({ id, name, argumentsJson }: ToolCall): unknown => ({
  id,
  name,
  arguments: JSON.parse(argumentsJson) as unknown,
});

/** What a stream says in the end. */
export interface Told {
  id: string;
  model: string;
  choices: Map<number, { text: string; calls: ToolCall[]; stopReason: string | null }>;
  usage: TokenCounts | null;
  ended: boolean;
}

export function told(events: Iterable<ReplyEvent>): Told {
  const all: Told = { id: '', model: '', choices: new Map(), usage: null, ended: false };
  for (const event of events) {
    if (event.type === 'start') {
      all.id = event.id;
      all.model = event.model;
    } else if (event.type === 'usage') all.usage = event.usage;
    else if (event.type === 'end') all.ended = true;
    else addToChoice(all, event);
  }
  return all;
}

function addToChoice(all: Told, event: Extract<ReplyEvent, { choice: number }>): void {
  const choice = all.choices.get(event.choice) ?? { text: '', calls: [], stopReason: null };
  all.choices.set(event.choice, choice);
  if (event.type === 'text') choice.text += event.text;
  else if (event.type === 'finish') choice.stopReason = event.stopReason;
  else if (event.type === 'tool-start') {
    choice.calls[event.index] = { id: event.id, name: event.name, argumentsJson: '' };
  } else {
    const call = choice.calls[event.index];
    if (call === undefined) throw new Error(`arguments before the start of call ${event.index}`);
    call.argumentsJson += event.json;
  }
}
