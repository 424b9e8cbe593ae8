import { TailraceError } from '../../records/errors.ts';
import type { TokenCounts } from '../../records/request-record.ts';
import { simulationReport, type SimulationReport } from '../../records/simulation.ts';
import type { ClientDialectForm } from '../dialects/dialect.ts';
import { engineDialects } from '../dialects/index.ts';
import { KeptBytes } from './kept-bytes.ts';

/**
 * Watches a same-dialect event stream as it passes, without re-serializing it.
 *
 * Nothing is let through until the first whole frame has proved to be a frame of the dialect, so garbage can
 * still be retried elsewhere. After that a chunk costs one push and, only where the usage frame must be
 * hidden from the client, one scan. Everything else is read at the end, from what was kept.
 */
export interface StreamTap {
  /** Bytes to pass on now; null for none. Throws TailraceError when the stream is not valid. */
  push(chunk: Buffer, nowMs: number): Buffer | null;
  /** Bytes held back that are due at a regular end. */
  flush(): Buffer | null;
  readonly committed: boolean;
  /** Monotonic ms of the first frame with content; null before it. */
  readonly firstContentMs: number | null;
  readonly lastChunkMs: number | null;
  /** Longest gap between chunks after the first content, ms. */
  readonly maxGapMs: number;
  /** Reads what the end of the stream says. */
  summary(): StreamSummary;
  /** Text of the output that was kept. */
  outputText(): string;
  /** To be called once it has been read for the last time. */
  release(): void;
}

export interface StreamSummary {
  /** The dialect's own last frame was seen. */
  ended: boolean;
  /** The engine reported an error inside the stream. */
  errored: boolean;
  usage: TokenCounts | null;
  model: string | null;
  simulation: SimulationReport | null;
  /** Share of all bytes that `outputText` stands for. */
  keptShare: number;
}

const keptBytesMax = 1_048_576;
const frameBytesMax = 1_048_576;
const tailFrames = 16;
const tailBytes = 16_384;

export function createStreamTap(
  dialect: ClientDialectForm,
  options: { hideUsage: boolean },
): StreamTap {
  return new SseTap(dialect, options.hideUsage);
}

class SseTap implements StreamTap {
  committed = false;
  firstContentMs: number | null = null;
  lastChunkMs: number | null = null;
  maxGapMs = 0;
  readonly #dialect: ClientDialectForm;
  readonly #hideUsage: boolean;
  readonly #kept = new KeptBytes();
  #droppedBytes = 0;
  /** Start of a frame whose end has not come yet. */
  #held: Buffer | null = null;
  #headFrames: Array<Record<string, unknown>> = [];

  constructor(dialect: ClientDialectForm, hideUsage: boolean) {
    this.#dialect = dialect;
    this.#hideUsage = hideUsage;
  }

  push(chunk: Buffer, nowMs: number): Buffer | null {
    this.#noteTime(nowMs);
    this.#keep(chunk);
    if (this.firstContentMs !== null && !this.#hideUsage) return this.#withHeld(chunk);
    const bytes = this.#held === null ? chunk : Buffer.concat([this.#held, chunk]);
    const end = lastFrameEnd(bytes);
    if (bytes.length - end > frameBytesMax) {
      throw new TailraceError('TR_UPSTREAM_INVALID', 'a frame of the stream has no end');
    }
    this.#held = end === bytes.length ? null : bytes.subarray(end);
    if (end === 0) return null;
    const whole = end === bytes.length ? bytes : bytes.subarray(0, end);
    if (this.firstContentMs === null) this.#readHead(whole, nowMs);
    return this.#hideUsage ? withoutUsage(whole) : whole;
  }

  flush(): Buffer | null {
    const held = this.#held;
    this.#held = null;
    return held;
  }

  summary(): StreamSummary {
    const last = this.#lastFrames();
    let usage: TokenCounts | null = null;
    let simulation: SimulationReport | null = null;
    for (const frame of [...this.#headFrames, ...last]) {
      if (frame === null) continue;
      usage = mergeUsage(usage, this.#dialect.usage(frame));
      if (frame['tailrace'] === undefined) continue;
      const report = simulationReport.safeParse(frame['tailrace']);
      if (report.success) simulation = report.data;
    }
    return {
      ended: this.#dialect.native === 'openai' ? last.includes(null) : last.some(isMessageStop),
      errored: last.some((frame) => frame !== null && isErrorFrame(frame)),
      usage,
      model: modelOf(this.#headFrames),
      simulation,
      keptShare: this.#kept.length / Math.max(1, this.#kept.length + this.#droppedBytes),
    };
  }

  /** The last few frames: what a stream says of itself stands there, so the rest is not parsed. */
  #lastFrames(): Array<Record<string, unknown> | null> {
    return jsonFrames(this.#kept.text(tailBytes).split(frameBreak).slice(-tailFrames));
  }

  outputText(): string {
    return jsonFrames(this.#kept.text().split(frameBreak))
      .map((frame) => (frame === null ? '' : this.#dialect.outputText(frame)))
      .join('');
  }

  release(): void {
    this.#kept.release();
  }

  #withHeld(chunk: Buffer): Buffer {
    if (this.#held === null) return chunk;
    const bytes = Buffer.concat([this.#held, chunk]);
    this.#held = null;
    return bytes;
  }

  #noteTime(nowMs: number): void {
    if (this.firstContentMs !== null && this.lastChunkMs !== null) {
      const gap = nowMs - this.lastChunkMs;
      if (gap > this.maxGapMs) this.maxGapMs = gap;
    }
    this.lastChunkMs = nowMs;
  }

  #keep(chunk: Buffer): void {
    this.#kept.add(chunk);
    // The oldest half at once, so that a long stream moves nothing per chunk.
    const bytes = this.#kept.length > keptBytesMax ? this.#kept.length >> 1 : 0;
    if (bytes === 0) return;
    this.#kept.drop(bytes);
    this.#droppedBytes += bytes;
  }

  /** Reads frames one by one until the first that carries content. */
  #readHead(whole: Buffer, nowMs: number): void {
    const frames = jsonFrames(whole.toString('utf8').split(frameBreak), true);
    const first = frames[0];
    if (!this.committed && first !== undefined && first !== null && isErrorFrame(first)) {
      throw streamError(first, this.#dialect);
    }
    if (frames.length > 0) this.committed = true;
    for (const frame of frames) {
      if (frame === null) continue;
      if (this.#headFrames.length < 4) this.#headFrames.push(frame);
      if (hasContent(frame, this.#dialect)) {
        this.firstContentMs = nowMs;
        return;
      }
    }
  }
}

/** Index after the last blank line, LF or CRLF; 0 when there is none. */
function lastFrameEnd(bytes: Buffer): number {
  const length = bytes.length;
  if (length > 1 && bytes[length - 1] === 0x0a) {
    if (bytes[length - 2] === 0x0a) return length;
    if (length > 3 && bytes[length - 3] === 0x0a && bytes[length - 2] === 0x0d) return length;
  }
  const lf = bytes.lastIndexOf('\n\n');
  const crlf = bytes.lastIndexOf('\n\r\n');
  return Math.max(lf === -1 ? 0 : lf + 2, crlf === -1 ? 0 : crlf + 3);
}

const frameBreak = /\r?\n\r?\n/;

/** Parsed data of each frame; null stands for `[DONE]`. Frames without data are passed over. */
function jsonFrames(
  blocks: readonly string[],
  strict = false,
): Array<Record<string, unknown> | null> {
  const frames: Array<Record<string, unknown> | null> = [];
  for (const block of blocks) {
    const data = dataOf(block, strict);
    if (data === '') continue;
    if (data === '[DONE]') {
      frames.push(null);
      continue;
    }
    const parsed = parseObject(data);
    if (parsed !== null) frames.push(parsed);
    else if (strict) {
      throw new TailraceError('TR_UPSTREAM_INVALID', 'the stream holds a frame that is not JSON');
    }
  }
  return frames;
}

const fieldLine = /^(data|event|id|retry)?:/;

function dataOf(block: string, strict: boolean): string {
  let data = '';
  for (const line of withoutMark(block).split(/\r?\n/)) {
    if (line.startsWith('data:')) data += line.slice(line[5] === ' ' ? 6 : 5);
    else if (strict && line !== '' && !fieldLine.test(line)) {
      throw new TailraceError('TR_UPSTREAM_INVALID', 'the reply is not an event stream');
    }
  }
  return data;
}

/** A byte-order mark may stand at the very start of a stream. */
const withoutMark = (block: string): string =>
  block.startsWith('\uFEFF') ? block.slice(1) : block;

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** As bytes: a string would be turned into bytes for every token. */
const usageMark = Buffer.from('"usage"');

/** Removes frames that carry usage and no choice: the frame that only we asked for. */
function withoutUsage(whole: Buffer): Buffer | null {
  if (!whole.includes(usageMark)) return whole;
  const kept: string[] = [];
  for (const block of whole.toString('utf8').split(frameBreak)) {
    if (block === '') continue;
    const frame = block.includes('"usage"') ? parseObject(dataOf(block, false)) : null;
    if (frame !== null && isUsageOnly(frame)) continue;
    kept.push(`${block.replace(/,"usage":null(?=})/, '')}\n\n`);
  }
  return kept.length === 0 ? null : Buffer.from(kept.join(''));
}

function isUsageOnly(frame: Record<string, unknown>): boolean {
  const choices = frame['choices'];
  return Array.isArray(choices) && choices.length === 0 && typeof frame['usage'] === 'object';
}

function hasContent(frame: Record<string, unknown>, dialect: ClientDialectForm): boolean {
  if (dialect.outputText(frame) !== '') return true;
  if (frame['type'] === 'content_block_start' || frame['type'] === 'content_block_delta')
    return true;
  const choices = frame['choices'];
  if (!Array.isArray(choices)) return false;
  return choices.some((choice: { delta?: object | null; finish_reason?: unknown } | null) => {
    const delta = choice?.delta;
    if (delta === null || delta === undefined) return (choice?.finish_reason ?? null) !== null;
    return Object.entries(delta).some(
      ([name, value]) => name !== 'role' && value !== null && value !== '',
    );
  });
}

/** Anthropic reports input first and output last; later reports win field by field. */
function mergeUsage(a: TokenCounts | null, b: TokenCounts | null): TokenCounts | null {
  if (a === null || b === null) return b ?? a;
  return {
    in: b.in ?? a.in,
    cachedIn: b.cachedIn ?? a.cachedIn,
    cacheWrite: b.cacheWrite ?? a.cacheWrite,
    out: b.out ?? a.out,
    reasoning: b.reasoning ?? a.reasoning,
  };
}

function modelOf(frames: ReadonlyArray<Record<string, unknown>>): string | null {
  for (const frame of frames) {
    if (typeof frame['model'] === 'string') return frame['model'];
    const message = frame['message'] as { model?: unknown } | undefined;
    if (typeof message?.model === 'string') return message.model;
  }
  return null;
}

const isMessageStop = (frame: Record<string, unknown> | null): boolean =>
  frame?.['type'] === 'message_stop';

/** Servers that are not OpenAI also say an error as a text. */
const isErrorFrame = (frame: Record<string, unknown>): boolean =>
  frame['type'] === 'error' || Boolean(frame['error']);

/** Nothing has gone to the client by then, so another engine may still be tried. */
function streamError(frame: Record<string, unknown>, dialect: ClientDialectForm): TailraceError {
  const detail = engineDialects[dialect.native].errorMessage(frame).slice(0, 1000);
  return new TailraceError(
    'TR_UPSTREAM_ERROR',
    `the engine began its stream with an error: ${detail}`,
  );
}
