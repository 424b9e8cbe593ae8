import type { Dispatcher } from 'undici';
import type { Clock } from '../../../records/clock.ts';
import type { ChatOutcome } from './chat-outcome.ts';
import type { ChatStep, Step } from './probe-plan.ts';
import type { ProbeSettings } from './probe-settings.ts';
import { createStreamReader, readWhole } from './read-chat.ts';

/** Bytes of one reply that are read; a chat of 64 tokens has a hundredth of it. */
const MAX_BYTES = 1_048_576;
/** The same seed for every canary: an engine that takes it has nothing left to chance. */
const SEED = 7;

/** A reply to a request that is not a chat. */
export interface PlainOutcome {
  /** Null when the connection failed. */
  status: number | null;
  headers: Readonly<Record<string, string>>;
  text: string;
}

export interface Wire {
  dispatcher: Dispatcher;
  settings: ProbeSettings;
  clock: Clock;
  signal: AbortSignal;
}

export async function sendPlain(
  wire: Wire,
  step: Exclude<Step, { kind: 'chat' }>,
): Promise<PlainOutcome> {
  const { settings } = wire;
  const isModels = step.kind === 'models';
  const key = step.kind === 'auth' ? step.key : settings.key;
  const chat = {
    model: settings.model,
    max_tokens: 1,
    messages: [{ role: 'user', content: 'hi' }],
  };
  const body = step.kind === 'error' ? step.body : JSON.stringify(chat);
  let text = '';
  const done = await exchange(wire, {
    path: isModels ? '/models' : '/chat/completions',
    key,
    body: isModels ? null : body,
    onText: (part) => (text += part),
  });
  return { status: done.status, headers: done.headers, text };
}

export async function sendChat(wire: Wire, step: ChatStep): Promise<ChatOutcome> {
  const { settings } = wire;
  const { stream, words, canary, maxTokens } = step;
  const body = JSON.stringify({
    model: settings.model,
    messages: [{ role: 'user', content: step.prompt }],
    max_tokens: maxTokens,
    temperature: 0,
    stream,
    ...(stream ? { stream_options: { include_usage: true } } : {}),
    ...(canary === null ? {} : { seed: SEED }),
  });
  const reader = createStreamReader();
  let text = '';
  const done = await exchange(wire, {
    path: '/chat/completions',
    key: settings.key,
    body,
    onText: (part, atMs) => (stream ? reader.push(part, atMs) : (text += part)),
  });
  const contentType = done.headers['content-type'] ?? '';
  const read = done.status === 200 ? (stream ? reader.end() : readWhole(text)) : readWhole('');
  const faults = done.status === 200 ? [...read.faults] : [`status ${done.status ?? 'none'}`];
  if (done.status === 200 && stream && !contentType.includes('text/event-stream')) {
    faults.unshift(`content-type "${contentType.slice(0, 60)}" for a stream`);
  }
  return { stream, words, canary, maxTokens, contentType, ...done, ...read, faults };
}

interface Exchange {
  status: number | null;
  headers: Record<string, string>;
  broken: string | null;
  e2eMs: number;
}

/** One request; follows no redirect, and never throws for what the other side does. */
async function exchange(
  { dispatcher, settings, clock, signal }: Wire,
  ask: {
    path: string;
    key: string | null;
    body: string | null;
    onText: (text: string, atMs: number) => void;
  },
): Promise<Exchange> {
  const url = new URL(`${settings.endpoint}${ask.path}`);
  const done: Exchange = { status: null, headers: {}, broken: null, e2eMs: 0 };
  const headers: Record<string, string> = { accept: '*/*', 'user-agent': 'tailrace-vendor-probe' };
  if (ask.key !== null) headers['authorization'] = `Bearer ${ask.key}`;
  if (ask.body !== null) headers['content-type'] = 'application/json';
  const startMs = clock.monoMs();
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(settings.timeoutMs)]);
  try {
    const response = await dispatcher.request({
      origin: url.origin,
      path: url.pathname,
      method: ask.body === null ? 'GET' : 'POST',
      headers,
      body: ask.body,
      signal: deadline,
    });
    done.status = response.statusCode;
    for (const [name, value] of Object.entries(response.headers)) {
      done.headers[name] = String(value).slice(0, 500);
    }
    let bytes = 0;
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      const part = chunk as Buffer;
      bytes += part.length;
      if (bytes > MAX_BYTES) {
        done.broken = `more than ${MAX_BYTES} bytes`;
        break;
      }
      ask.onText(decoder.decode(part, { stream: true }), clock.monoMs() - startMs);
    }
  } catch (error) {
    done.broken = error instanceof Error ? error.message.slice(0, 200) : 'the connection failed';
  }
  done.e2eMs = clock.monoMs() - startMs;
  return done;
}
