import { z } from 'zod';
import { CLIENT_FAILURES, type FailureCode } from './outcome.ts';
import { dataLines } from './sse-lines.ts';

/** What is read of a frame; everything else may be there. */
const chatFrame = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        delta: z.looseObject({ content: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z
    .looseObject({
      prompt_tokens: z.int().nonnegative(),
      completion_tokens: z.int().nonnegative(),
    })
    .nullish(),
  error: z.looseObject({ code: z.union([z.string(), z.number()]).nullish() }).nullish(),
});

/** A frame that carries text and no usage, as all engines in use write it: not parsed, for speed. */
const TEXT_FRAME = /"delta": ?\{(?:"role": ?"assistant", ?)?"content": ?"(?!")/;

/** Reads one streamed chat reply. Times are the caller's monotonic milliseconds. */
export interface ChatReply {
  /** Takes bytes; false when the reply is not worth reading on (`failure` says why). */
  push(chunk: Buffer, nowMs: number): boolean;
  /** Call when the reply has ended. Null when it was complete. */
  failure(): FailureCode | null;
  readonly firstContentMs: number | null;
  readonly lastContentMs: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

/** A reader for one reply with `stream: true` and `stream_options.include_usage`. */
export function createChatReply(): ChatReply {
  const reply = {
    firstContentMs: null as number | null,
    lastContentMs: null as number | null,
    inputTokens: null as number | null,
    outputTokens: null as number | null,
  };
  let nowMs = 0;
  let ended = false;
  let broken: FailureCode | null = null;
  const content = (): void => {
    reply.firstContentMs ??= nowMs;
    reply.lastContentMs = nowMs;
  };
  const lines = dataLines((payload) => {
    if (payload === '[DONE]') {
      ended = true;
      return;
    }
    if (TEXT_FRAME.test(payload) && !payload.includes('"usage"')) return content();
    const frame = parseFrame(payload);
    if (frame === null) {
      broken ??= CLIENT_FAILURES.invalid;
      return;
    }
    if (frame.error) broken ??= String(frame.error.code ?? 'stream_error');
    if (frame.choices?.some((choice) => (choice.delta?.content ?? '') !== '')) content();
    reply.inputTokens = frame.usage?.prompt_tokens ?? reply.inputTokens;
    reply.outputTokens = frame.usage?.completion_tokens ?? reply.outputTokens;
  });
  return Object.assign(reply, {
    push(chunk: Buffer, atMs: number): boolean {
      nowMs = atMs;
      if (!lines.push(chunk)) broken ??= CLIENT_FAILURES.invalid;
      return broken === null;
    },
    failure: () => broken ?? (ended ? null : CLIENT_FAILURES.incomplete),
  });
}

function parseFrame(payload: string): z.infer<typeof chatFrame> | null {
  try {
    return chatFrame.parse(JSON.parse(payload));
  } catch {
    return null;
  }
}

const errorBody = z.looseObject({
  error: z.looseObject({ code: z.union([z.string(), z.number()]).nullish() }),
});

/** The code that an error reply gives, or `http_<status>`. */
export function failureOfBody(status: number, body: string): FailureCode {
  try {
    const { code } = errorBody.parse(JSON.parse(body)).error;
    if (typeof code === 'string' && /^[\w.-]{1,64}$/.test(code)) return code;
  } catch {
    // Not the shape we know: the status says enough.
  }
  return `http_${status}`;
}
