import type { StopReason } from '../conversation.ts';

/** Of the wire; `pause_turn` and reasons that are not known here mean that the model stopped. */
export function readStopReason(reason: unknown): StopReason {
  switch (reason) {
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'tool_use':
      return 'tool_calls';
    case 'refusal':
      return 'content_filter';
    default:
      return 'stop';
  }
}

/** A stop sequence ends as `end_turn`: the common form does not say which one was met. */
export const writeStopReason = (reason: StopReason): string =>
  ({ stop: 'end_turn', length: 'max_tokens', tool_calls: 'tool_use', content_filter: 'refusal' })[
    reason
  ];
