import { z } from 'zod';
import type { ChatOutcome, ChatUsage } from './chat-outcome.ts';

const count = z.int().nonnegative();
const usage = z
  .looseObject({
    prompt_tokens: count,
    completion_tokens: count,
    total_tokens: count.nullish(),
    completion_tokens_details: z.looseObject({ reasoning_tokens: count.nullish() }).nullish(),
  })
  .nullish();

const head = { id: z.string().nullish(), model: z.string().nullish(), usage };
const fingerprint = { system_fingerprint: z.string().nullish() };

const frame = z.looseObject({
  ...head,
  ...fingerprint,
  error: z.unknown().optional(),
  choices: z
    .array(
      z.looseObject({
        delta: z.looseObject({ content: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
});

const whole = z.looseObject({
  ...head,
  ...fingerprint,
  choices: z
    .array(
      z.looseObject({
        message: z.looseObject({ content: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
});

type Read = Pick<
  ChatOutcome,
  | 'model'
  | 'fingerprint'
  | 'text'
  | 'finishReason'
  | 'usage'
  | 'ttftMs'
  | 'lastTokenMs'
  | 'arrivals'
  | 'faults'
>;

const nothing = (): Read => ({
  model: null,
  fingerprint: null,
  text: '',
  finishReason: null,
  usage: null,
  ttftMs: null,
  lastTokenMs: null,
  arrivals: 0,
  faults: [],
});

/** Faults of one reply that are kept; the first says most. */
const MAX_FAULTS = 5;
const MAX_LINE_CHARS = 1_048_576;

/**
 * Reads an event stream of chat completions (data lines of WHATWG HTML 9.2, `[DONE]` at the end) and notes what
 * does not fit: frames that are no JSON, several ids or models, text after the end, no end.
 */
export function createStreamReader(): { push(text: string, atMs: number): void; end(): Read } {
  const read = nothing();
  const seen = { id: null as string | null, done: false };
  const fault = (text: string): void => {
    if (read.faults.length < MAX_FAULTS && !read.faults.includes(text)) read.faults.push(text);
  };
  let held = '';
  const line = (text: string, atMs: number): boolean => {
    if (!text.startsWith('data:')) return false;
    const payload = text.slice(5).trim();
    if (payload === '[DONE]') {
      if (seen.done) fault('more than one [DONE]');
      seen.done = true;
      return false;
    }
    if (seen.done) fault('data after [DONE]');
    const parsed = frame.safeParse(json(payload));
    if (!parsed.success) fault('a frame that is not of the format');
    else return takeFrame(read, seen, parsed.data, atMs, fault);
    return false;
  };
  return {
    push(text, atMs) {
      const lines = (held + text).split(/\r\n|\n/);
      held = lines.pop() ?? '';
      if (held.length > MAX_LINE_CHARS) {
        fault('a line of over a megabyte');
        held = '';
      }
      const hasText = lines.map((one) => line(one, atMs)).includes(true);
      if (hasText) read.arrivals += 1;
    },
    end() {
      if (!seen.done) fault('no [DONE] at the end');
      if (read.finishReason === null) fault('no finish_reason');
      return read;
    },
  };
}

/** Whether the frame carries text. */
function takeFrame(
  read: Read,
  seen: { id: string | null },
  one: z.infer<typeof frame>,
  atMs: number,
  fault: (text: string) => void,
): boolean {
  if (one.error !== undefined && one.error !== null) fault('an error within the stream');
  if (one.id != null && seen.id !== null && one.id !== seen.id) fault('several ids in one stream');
  if (one.model != null && read.model !== null && one.model !== read.model) {
    fault('several models in one stream');
  }
  seen.id ??= one.id ?? null;
  read.model ??= one.model ?? null;
  read.fingerprint ??= one.system_fingerprint ?? null;
  read.usage = usageOf(one.usage) ?? read.usage;
  const [choice] = one.choices ?? [];
  const text = choice?.delta?.content ?? '';
  if (text !== '') {
    if (read.finishReason !== null) fault('text after finish_reason');
    read.text += text;
    read.ttftMs ??= atMs;
    read.lastTokenMs = atMs;
  }
  read.finishReason ??= choice?.finish_reason ?? null;
  return text !== '';
}

/** Reads a reply that came whole. */
export function readWhole(text: string): Read {
  const read = nothing();
  const parsed = whole.safeParse(json(text));
  if (!parsed.success) return { ...read, faults: ['a body that is not of the format'] };
  const [choice] = parsed.data.choices;
  return {
    ...read,
    model: parsed.data.model ?? null,
    fingerprint: parsed.data.system_fingerprint ?? null,
    text: choice?.message.content ?? '',
    finishReason: choice?.finish_reason ?? null,
    usage: usageOf(parsed.data.usage),
  };
}

function usageOf(given: z.infer<typeof usage>): ChatUsage | null {
  if (given == null) return null;
  return {
    promptTokens: given.prompt_tokens,
    completionTokens: given.completion_tokens,
    totalTokens: given.total_tokens ?? null,
    reasoningTokens: given.completion_tokens_details?.reasoning_tokens ?? 0,
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
