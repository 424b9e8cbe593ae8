import { TailraceError } from '../../records/errors.ts';
import type { TokenCounts } from '../../records/request-record.ts';
import { SIMULATED_HEADER, simulationReport } from '../../records/simulation.ts';
import { createSseParser } from '../dialects/sse.ts';
import type { Reply } from '../dialects/conversation.ts';
import type { Exchange, OutputSource } from '../exchange.ts';
import { createBodyWriter, type BodyWriter } from '../passthrough/body-writer.ts';
import { createStreamTap, type StreamSummary, type StreamTap } from '../passthrough/stream-tap.ts';
import type { UpstreamAsk } from './upstream-request.ts';

type UpstreamHeaders = Record<string, string | string[] | undefined>;

/**
 * Phase 7: the reply on its way to the client. Throws TailraceError when the engine's reply is not what it should be;
 * if the head has not been sent by then, another engine may still be tried.
 */
export interface Delivery {
  /** The whole reply is held in memory, so its size is limited. */
  limited: boolean;
  /** False when the client's socket is full. */
  onData(chunk: Buffer, nowMs: number): boolean;
  onEnd(nowMs: number): void;
  /** Writes what is known so far into the exchange; called once, however the attempt ends. */
  note(): void;
}

const sseFrameBytesMax = 4_194_304;
const oneWriteBytesMax = 65_536;
const blankLine = Buffer.from('\n\n');

export function createDelivery(
  x: Exchange,
  ask: UpstreamAsk,
  status: number,
  headers: UpstreamHeaders,
): Delivery {
  const type = headers['content-type'];
  const streams = typeof type === 'string' && /^text\/event-stream/i.test(type);
  if (!streams) return new UnaryDelivery(x, ask, status, headers);
  return ask.translation === null
    ? new NativeStream(x, ask, status, headers)
    : new TranslatedStream(x, ask.translation, status, headers);
}

class NativeStream implements Delivery {
  readonly limited = false;
  readonly #x: Exchange;
  readonly #tap: StreamTap;
  readonly #status: number;
  readonly #headers: UpstreamHeaders;
  #summary: StreamSummary | null = null;

  constructor(x: Exchange, ask: UpstreamAsk, status: number, headers: UpstreamHeaders) {
    this.#x = x;
    this.#tap = createStreamTap(x.dialect, { hideUsage: ask.hideUsage });
    this.#status = status;
    this.#headers = headers;
  }

  onData(chunk: Buffer, nowMs: number): boolean {
    const bytes = this.#tap.push(chunk, nowMs);
    if (this.#x.firstContentMs === null) this.#x.firstContentMs = this.#tap.firstContentMs;
    if (bytes === null) return true;
    return streamWriter(this.#x, this.#status, this.#headers).write(bytes);
  }

  onEnd(): void {
    if (!this.#tap.committed) {
      throw new TailraceError('TR_UPSTREAM_INVALID', 'the stream ended before its first frame');
    }
    const held = this.#tap.flush();
    const summary = this.#summarize();
    if (!summary.ended && !summary.errored) {
      throw new TailraceError(
        'TR_UPSTREAM_CUT',
        'the engine ended the stream before its last frame',
      );
    }
    if (held !== null) this.#x.writer?.write(held);
    if (summary.errored) {
      throw new TailraceError(
        'TR_UPSTREAM_ERROR',
        'the engine reported an error inside the stream',
      );
    }
    this.#x.res.end();
  }

  note(): void {
    const x = this.#x;
    const summary = this.#summarize();
    x.lastContentMs = this.#tap.lastChunkMs;
    x.tpotMaxMs = x.firstContentMs === null ? null : this.#tap.maxGapMs;
    x.tokens = summary.usage;
    x.modelServed = summary.model ?? x.modelServed;
    x.simulation = summary.simulation;
    x.output = this.#tap;
    x.outputKeptShare = summary.keptShare;
  }

  #summarize(): StreamSummary {
    this.#summary ??= this.#tap.summary();
    return this.#summary;
  }
}

class TranslatedStream implements Delivery, OutputSource {
  readonly limited = false;
  readonly #x: Exchange;
  readonly #status: number;
  readonly #headers: UpstreamHeaders;
  readonly #parser = createSseParser(sseFrameBytesMax);
  readonly #read: ReturnType<NonNullable<UpstreamAsk['translation']>['engine']['streamReader']>;
  readonly #write: ReturnType<Exchange['dialect']['streamWriter']>;
  #text: string[] = [];
  #textBytes = 0;
  #keptBytes = 0;
  #lastMs: number | null = null;
  #maxGapMs = 0;
  #ended = false;
  #usage: TokenCounts | null = null;

  constructor(
    x: Exchange,
    translation: NonNullable<UpstreamAsk['translation']>,
    status: number,
    headers: UpstreamHeaders,
  ) {
    this.#x = x;
    this.#status = status;
    this.#headers = headers;
    this.#read = translation.engine.streamReader(translation.conversation);
    this.#write = x.dialect.streamWriter(translation.conversation, {
      includeUsage: x.facts?.wantsUsage ?? true,
    });
  }

  onData(chunk: Buffer, nowMs: number): boolean {
    let out = '';
    for (const frame of this.#parser.push(chunk)) {
      const events = this.#read(frame);
      if (!events.ok) {
        // What came in the same read before the fault has been said, and is the client's.
        if (out !== '') streamWriter(this.#x, this.#status, this.#headers).write(out);
        throw events.error;
      }
      for (const event of events.value) {
        if (event.type === 'text') this.#noteText(event.text, nowMs);
        else if (event.type === 'tool-start' || event.type === 'tool-arguments') {
          this.#noteText(event.type === 'tool-arguments' ? event.json : event.name, nowMs);
        } else if (event.type === 'usage') this.#usage = event.usage;
        else if (event.type === 'start') this.#x.modelServed = event.model;
        else if (event.type === 'end') this.#ended = true;
        out += this.#write(event);
      }
    }
    if (out === '') return true;
    return streamWriter(this.#x, this.#status, this.#headers).write(out);
  }

  onEnd(nowMs: number): void {
    // Some servers leave out the blank line after the last frame.
    if (!this.#ended) this.#readHeld(nowMs);
    if (!this.#ended) {
      throw new TailraceError(
        'TR_UPSTREAM_CUT',
        'the engine ended the stream before its last frame',
      );
    }
    this.#x.res.end();
  }

  /** What is left when the stream ends: its last frame, or the beginning of one that was cut. */
  #readHeld(nowMs: number): void {
    try {
      this.onData(blankLine, nowMs);
    } catch {
      // It was cut; the caller says so.
    }
  }

  note(): void {
    const x = this.#x;
    x.lastContentMs = this.#lastMs;
    x.tpotMaxMs = x.firstContentMs === null ? null : this.#maxGapMs;
    x.tokens = this.#usage;
    x.output = this;
    x.outputKeptShare = this.#keptBytes / Math.max(1, this.#textBytes);
  }

  outputText(): string {
    return this.#text.join('');
  }

  #noteText(text: string, nowMs: number): void {
    if (text === '') return;
    if (this.#x.firstContentMs === null) this.#x.firstContentMs = nowMs;
    else if (this.#lastMs !== null) this.#maxGapMs = Math.max(this.#maxGapMs, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    this.#textBytes += text.length;
    if (this.#keptBytes > 1_048_576) return;
    this.#keptBytes += text.length;
    this.#text.push(text);
  }
}

class UnaryDelivery implements Delivery, OutputSource {
  readonly limited = true;
  readonly #x: Exchange;
  readonly #ask: UpstreamAsk;
  readonly #status: number;
  readonly #headers: UpstreamHeaders;
  readonly #chunks: Buffer[] = [];
  #native: Record<string, unknown> | null = null;
  #reply: Reply | null = null;

  constructor(x: Exchange, ask: UpstreamAsk, status: number, headers: UpstreamHeaders) {
    this.#x = x;
    this.#ask = ask;
    this.#status = status;
    this.#headers = headers;
  }

  onData(chunk: Buffer, nowMs: number): boolean {
    if (this.#x.firstContentMs === null) this.#x.firstContentMs = nowMs;
    this.#chunks.push(chunk);
    return true;
  }

  onEnd(): void {
    const only = this.#chunks[0];
    const bytes =
      this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
    const native = parseReply(bytes);
    if (native['tailrace'] !== undefined) {
      const report = simulationReport.safeParse(native['tailrace']);
      if (report.success) this.#x.simulation = report.data;
    }
    if (isErrorOnly(native)) {
      throw new TailraceError(
        'TR_UPSTREAM_ERROR',
        `engine "${this.#x.engine}" answered ${this.#status} with an error: ${this.#ask.errorMessage(bytes)}`,
      );
    }
    if (this.#ask.translation === null) this.#deliverNative(native, bytes);
    else this.#deliverTranslated(native, this.#ask.translation);
  }

  note(): void {}

  outputText(): string {
    if (this.#native !== null) return this.#x.dialect.outputText(this.#native);
    return this.#reply?.choices.map((choice) => choice.text).join('') ?? '';
  }

  #deliverNative(native: Record<string, unknown>, bytes: Buffer): void {
    const x = this.#x;
    x.tokens = x.dialect.usage(native);
    if (typeof native['model'] === 'string') x.modelServed = native['model'];
    this.#native = native;
    x.output = this;
    sendHead(x, this.#status, this.#headers, 'application/json', bytes.length);
    // As a Latin-1 string the same bytes go out with the head in one write instead of a gathered one.
    if (bytes.length <= oneWriteBytesMax) x.res.end(bytes.toString('latin1'), 'latin1');
    else x.res.end(bytes);
  }

  #deliverTranslated(
    native: Record<string, unknown>,
    { conversation, engine }: NonNullable<UpstreamAsk['translation']>,
  ): void {
    const x = this.#x;
    const reply = engine.toReply(native, conversation);
    if (!reply.ok) throw reply.error;
    x.tokens = reply.value.usage;
    x.modelServed = reply.value.model;
    this.#reply = reply.value;
    x.output = this;
    const body = Buffer.from(JSON.stringify(x.dialect.fromReply(reply.value, conversation)));
    sendHead(x, this.#status, this.#headers, 'application/json', body.length);
    x.res.end(body);
  }
}

function parseReply(bytes: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Falls through to the one error that says what is wrong.
  }
  throw new TailraceError(
    'TR_UPSTREAM_INVALID',
    'the engine answered 200 with a body that is not a JSON object',
  );
}

/** Some routers of engines answer 200 with nothing but an error. */
const isErrorOnly = (native: Record<string, unknown>): boolean =>
  Boolean(native['error']) &&
  !['choices', 'content', 'data'].some((name) => native[name] !== undefined);

/** Engine headers that clients know how to use. */
const passedBack = /^(?:openai-|anthropic-|x-ratelimit-|retry-after)/;

/** The writer of a streamed reply; the first call sends the head. */
function streamWriter(x: Exchange, status: number, upstream: UpstreamHeaders): BodyWriter {
  if (x.writer === null) {
    sendHead(x, status, upstream, 'text/event-stream');
    x.writer = createBodyWriter(x.res);
  }
  return x.writer;
}

function sendHead(
  x: Exchange,
  status: number,
  upstream: UpstreamHeaders,
  contentType: string,
  contentLength?: number,
): void {
  x.headSent = true;
  x.status = status;
  const headers = ['content-type', contentType, 'x-request-id', x.id];
  if (contentLength === undefined) headers.push('cache-control', 'no-cache');
  else headers.push('content-length', String(contentLength));
  if (x.simulated) headers.push(SIMULATED_HEADER, 'true');
  for (const name in upstream) {
    const value = upstream[name];
    if (typeof value === 'string' && passedBack.test(name)) headers.push(name, value);
  }
  x.res.writeHead(status, headers);
}
