import type { Client } from './client.ts';
import { createEventParser } from './event-parser.ts';

/** `off`: the tab is hidden or signed out. `waiting`: the stream broke and is tried again. */
export type LiveState = 'off' | 'connecting' | 'live' | 'waiting';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** The server sends at least a heartbeat each 15 s; twice that in silence is a dead connection. */
const SILENCE_MS = 35_000;

export interface LiveDeps {
  client: Pick<Client, 'events'>;
  signal: AbortSignal;
  onTick: () => void;
  onState: (state: LiveState) => void;
}

/** Follows the event stream until `signal` aborts, and opens it again when it ends. Never rejects. */
export async function followEvents({ client, signal, onTick, onState }: LiveDeps): Promise<void> {
  let waitMs = FIRST_WAIT_MS;
  while (!signal.aborted) {
    onState('connecting');
    const attempt = new AbortController();
    const stop = AbortSignal.any([signal, attempt.signal]);
    try {
      const response = await client.events(stop);
      waitMs = FIRST_WAIT_MS;
      onState('live');
      // What came in while the stream was down has no tick of its own.
      onTick();
      await readStream(response, attempt, onTick);
    } catch {
      // Whatever broke the stream, the answer is the same: wait and open it again.
    }
    attempt.abort();
    if (signal.aborted) break;
    onState('waiting');
    await pause(waitMs, signal);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
  }
  onState('off');
}

async function readStream(
  response: Response,
  attempt: AbortController,
  onTick: () => void,
): Promise<void> {
  const parser = createEventParser();
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) return;
  for (;;) {
    const silence = setTimeout(() => {
      attempt.abort();
    }, SILENCE_MS);
    const { done, value } = await reader.read().finally(() => {
      clearTimeout(silence);
    });
    if (done) return;
    if (parser.push(value).some((event) => event.name === 'tick')) onTick();
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
