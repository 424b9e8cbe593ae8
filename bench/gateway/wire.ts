/**
 * The bytes that benches send and expect. The mock upstream is told what to answer by fields that
 * every gateway passes on: `stream`, `max_tokens` (frames of a stream) and `user` (its pace).
 */

export const MODEL = 'gpt-4o-mini';

/** Prompt of every bench request: about 150 tokens. */
const PROMPT = 'Summarize the following minutes of a meeting in three sentences. '.repeat(12);

export interface StreamAsk {
  frames: number;
  /** Milliseconds between frames; 0: as fast as the socket takes them. */
  paceMs: number;
}

export function requestBody(stream: StreamAsk | null): string {
  const messages = [
    { role: 'system', content: 'You are a helpful assistant.' },
    { role: 'user', content: PROMPT },
  ];
  if (stream === null) return JSON.stringify({ model: MODEL, max_tokens: 64, messages });
  return JSON.stringify({
    model: MODEL,
    stream: true,
    max_tokens: stream.frames,
    user: `pace-${stream.paceMs}`,
    messages,
  });
}

const common = { id: 'chatcmpl-bench', created: 1_700_000_000, model: MODEL };
const usage = { prompt_tokens: 158, completion_tokens: 64, total_tokens: 222 };

/** Body of a unary reply: 64 words of text. */
export const UNARY_REPLY = JSON.stringify({
  ...common,
  object: 'chat.completion',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'word '.repeat(64) },
      finish_reason: 'stop',
    },
  ],
  usage,
});

/** Frame number `sequence` of a stream: its content is the number, so that a loss shows. */
export function contentFrame(sequence: number): string {
  const delta = { content: ` ${sequence}` };
  return frame({ choices: [{ index: 0, delta, finish_reason: null }] });
}

export const FINISH_FRAME = frame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
export const DONE_FRAME = 'data: [DONE]\n\n';

export const usageFrame = (frames: number): string =>
  frame({
    choices: [],
    usage: { prompt_tokens: 158, completion_tokens: frames, total_tokens: 158 + frames },
  });

function frame(payload: Record<string, unknown>): string {
  return `data: ${JSON.stringify({ ...common, object: 'chat.completion.chunk', ...payload })}\n\n`;
}

/** The number in a content frame, however a gateway spaced its JSON; null for any other frame. */
export function sequenceOf(frameText: string): number | null {
  const match = /"content":\s*" (\d+)"/.exec(frameText);
  return match?.[1] === undefined ? null : Number(match[1]);
}
