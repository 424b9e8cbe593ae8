import { Pool, type Dispatcher } from 'undici';
import type { Clock } from '../../records/clock.ts';
import { SIMULATED_HEADER } from '../../records/simulation.ts';
import type { TraceRow } from '../../records/traces/trace-row.ts';
import { createChatReply, failureOfBody, type ChatReply } from './chat-reply.ts';
import { CLIENT_FAILURES, type FailureCode, type LoadOutcome } from './outcome.ts';
import { promptText } from './prompts.ts';
import type { Target } from './target.ts';

export interface ChatSenderOptions {
  target: Target;
  key: string | null;
  model: string;
  /** Sockets at most; requests beyond wait for one, and that wait counts as lateness. */
  connections: number;
  clock: Clock;
}

/** One request under way. */
export interface Sending {
  /** When it was due, monotonic milliseconds. */
  readonly dueMs: number;
  /** Ends it; its outcome carries this failure. */
  abort(failure: FailureCode): void;
}

/** Sends chats over kept-alive connections. `done` is called exactly once per send, never within it. */
export interface ChatSender {
  send(row: TraceRow, index: number, dueMs: number, done: (outcome: LoadOutcome) => void): Sending;
  close(): Promise<void>;
}

/** A sender of streamed OpenAI chats to one target. It follows no redirect. */
export function createChatSender(options: ChatSenderOptions): ChatSender {
  const { target, clock } = options;
  const pool = new Pool(target.origin, {
    connections: options.connections,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: 30_000,
    connect: { timeout: 10_000 },
    // The driver has one deadline for the whole request.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const headers = ['content-type', 'application/json', 'accept', 'text/event-stream'];
  if (options.key !== null) headers.push('authorization', `Bearer ${options.key}`);
  const start = `{"model":${JSON.stringify(options.model)},"stream":true,"stream_options":{"include_usage":true},"ignore_eos":true,"max_tokens":`;
  return {
    send(row, index, dueMs, done) {
      // The words of a prompt need no JSON escaping.
      const prompt = promptText(row, index);
      const body = `${start}${row.outputTokens},"messages":[{"role":"user","content":"${prompt}"}]}`;
      const exchange = new ChatExchange(row, dueMs, clock, done);
      pool.dispatch({ path: target.chatPath, method: 'POST', headers, body }, exchange);
      return exchange;
    },
    close: () => pool.destroy(),
  };
}

const aborted = new Error('stopped by the load driver');
const MAX_ERROR_BYTES = 65_536;

/** One exchange: undici's handler and the driver's handle in one object. */
class ChatExchange implements Dispatcher.DispatchHandler, Sending {
  readonly dueMs: number;
  readonly #row: TraceRow;
  readonly #clock: Clock;
  readonly #done: (outcome: LoadOutcome) => void;
  readonly #reply: ChatReply = createChatReply();
  #controller: Dispatcher.DispatchController | null = null;
  #sentMs: number | null = null;
  #status: number | null = null;
  #requestId: string | null = null;
  #simulated = false;
  #errorBody: Buffer[] = [];
  #errorBytes = 0;
  #finished = false;
  #abortedBy: FailureCode | null = null;

  constructor(row: TraceRow, dueMs: number, clock: Clock, done: (outcome: LoadOutcome) => void) {
    this.#row = row;
    this.dueMs = dueMs;
    this.#clock = clock;
    this.#done = done;
  }

  abort(failure: FailureCode): void {
    this.#abortedBy ??= failure;
    this.#controller?.abort(aborted);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#sentMs = this.#clock.monoMs();
    if (this.#abortedBy !== null) controller.abort(aborted);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    const requestId = headers['x-request-id'];
    this.#requestId = typeof requestId === 'string' ? requestId : null;
    this.#simulated = headers[SIMULATED_HEADER] === 'true';
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#status === 200) {
      if (!this.#reply.push(chunk, this.#clock.monoMs())) {
        this.abort(this.#reply.failure() ?? CLIENT_FAILURES.invalid);
      }
    } else if (this.#errorBytes < MAX_ERROR_BYTES) {
      this.#errorBody.push(chunk);
      this.#errorBytes += chunk.length;
    }
  }

  onResponseEnd(): void {
    this.#finish(this.#status === 200 ? this.#reply.failure() : this.#statusFailure());
  }

  onResponseError(_controller: Dispatcher.DispatchController, _error: Error): void {
    const closed = this.#status === null ? CLIENT_FAILURES.connect : CLIENT_FAILURES.cut;
    this.#finish(this.#abortedBy ?? closed);
  }

  #statusFailure(): FailureCode {
    return failureOfBody(this.#status ?? 0, Buffer.concat(this.#errorBody).toString('utf8'));
  }

  #finish(failure: FailureCode | null): void {
    if (this.#finished) return;
    this.#finished = true;
    const endMs = this.#clock.monoMs();
    const sentMs = this.#sentMs ?? endMs;
    // Timers may fire a fraction of a millisecond early; then the request counts from its sending.
    const startMs = Math.min(this.dueMs, sentMs);
    const { firstContentMs, lastContentMs, inputTokens, outputTokens } = this.#reply;
    this.#done({
      failure,
      status: this.#status,
      requestId: this.#requestId,
      simulated: this.#simulated,
      lateMs: sentMs - startMs,
      ttftMs: firstContentMs === null ? null : firstContentMs - startMs,
      tpotMs: tpotOf(firstContentMs, lastContentMs, outputTokens),
      e2eMs: endMs - startMs,
      askedInputTokens: this.#row.inputTokens,
      askedOutputTokens: this.#row.outputTokens,
      inputTokens,
      outputTokens,
    });
  }
}

function tpotOf(firstMs: number | null, lastMs: number | null, tokens: number | null) {
  if (firstMs === null || lastMs === null || tokens === null || tokens < 2) return null;
  return (lastMs - firstMs) / (tokens - 1);
}
