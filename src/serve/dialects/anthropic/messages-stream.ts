import type { TokenCounts } from '../../../records/request-record.ts';
import type { Conversation, ReplyEvent, StopReason } from '../conversation.ts';
import { unknownTokens } from '../conversation-defaults.ts';
import { createBlockQueue, frame } from './block-queue.ts';
import { writeStopReason } from './stop-reason.ts';
import { writeUsage } from './usage.ts';

/**
 * Writes message_start, content blocks, message_delta and message_stop. The stop reason waits for
 * the end of the stream, because the wire tells usage with it. Choices other than the first do not
 * exist here.
 */
export function messagesStreamWriter(_ask: Conversation): (event: ReplyEvent) => string {
  const blocks = createBlockQueue();
  let usage: TokenCounts | null = null;
  let stopReason: StopReason = 'stop';
  return (event) => {
    if ('choice' in event && event.choice !== 0) return '';
    switch (event.type) {
      case 'start':
        usage = event.usage;
        return messageStart(event);
      case 'text':
        return blocks.text(event.text);
      case 'tool-start':
        return blocks.toolStart(event.index, event.id, event.name);
      case 'tool-arguments':
        return blocks.toolArguments(event.index, event.json);
      case 'finish':
        stopReason = event.stopReason;
        return blocks.finish();
      case 'usage':
        usage = event.usage;
        return '';
      case 'end':
        return blocks.finish() + messageEnd(stopReason, usage ?? unknownTokens);
    }
  };
}

function messageStart(event: Extract<ReplyEvent, { type: 'start' }>): string {
  const message = {
    id: event.id,
    type: 'message',
    role: 'assistant',
    model: event.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: writeUsage(event.usage ?? unknownTokens),
  };
  return frame('message_start', { message }) + frame('ping', {});
}

function messageEnd(stopReason: StopReason, usage: TokenCounts): string {
  const delta = { stop_reason: writeStopReason(stopReason), stop_sequence: null };
  return frame('message_delta', { delta, usage: writeUsage(usage) }) + frame('message_stop', {});
}
