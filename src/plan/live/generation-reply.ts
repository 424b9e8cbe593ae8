import type { ServerResponse } from 'node:http';
import type { Ticket } from '../engine/engine-core.ts';
import type { EventStream } from './event-stream.ts';
import type { Fault } from './faults.ts';
import {
  choiceFrames,
  DONE_FRAME,
  unaryBody,
  usageFrame,
  type ChoiceFrames,
  type ReplyHead,
  type ToolCallHead,
  type Usage,
} from './frames.ts';
import type { Output } from './output-text.ts';
import { simulationReportOf } from './report.ts';
import { sendCut, sendJson } from './send.ts';

export interface Choice {
  ticket: Ticket;
  output: Output;
  finishReason: 'stop' | 'length';
  /** The call that the output is the arguments of; null when it is text. */
  toolCall: ToolCallHead | null;
}

/** A reply in the making; `flush` sends whatever the engine has made since. */
export interface GenerationReply {
  flush(): void;
}

interface ReplyOptions {
  head: ReplyHead;
  choices: readonly Choice[];
  promptTokens: number;
  fault: Fault;
  /** The reply is over, whichever way; the tickets that still run are to be cancelled. */
  onEnd: () => void;
}

/** Output tokens after which a cut or a stall happens. */
const FAULT_AFTER_TOKENS = 3;

/** Frames that one flush may write for one choice; after a long stall the rest follows later. */
const MAX_FRAMES_PER_FLUSH = 1024;

const usageOf = ({ choices, promptTokens }: ReplyOptions): Usage => ({
  promptTokens,
  completionTokens: choices.reduce((sum, { ticket }) => sum + ticket.sequence.generated, 0),
});

const finishReasonOf = ({ finishReason, toolCall }: Choice): string =>
  finishReason === 'stop' && toolCall !== null ? 'tool_calls' : finishReason;

const ended = ({ ticket }: Choice): boolean => ticket.sequence.state === 'finished';

export function unaryReply(options: ReplyOptions & { response: ServerResponse }): GenerationReply {
  const { head, choices, fault, response, onEnd } = options;
  let sent = false;
  const send = (): void => {
    const body = unaryBody(
      head,
      choices.map((choice) => ({
        text: choice.output.text(choice.ticket.sequence.generated),
        finishReason: finishReasonOf(choice),
        toolCall: choice.toolCall,
      })),
      usageOf(options),
      simulationReportOf(choices.map((one) => one.ticket)),
    );
    if (fault.kind === 'cut') sendCut(response, body);
    else sendJson(response, 200, body);
    onEnd();
  };
  return {
    flush() {
      if (sent || !choices.every(ended)) return;
      sent = true;
      if (fault.kind === 'stall') setTimeout(send, fault.ms).unref();
      else send();
    },
  };
}

interface StreamedChoice extends Choice {
  frames: ChoiceFrames;
  sent: number;
  finished: boolean;
}

/**
 * Streams tokens as the engine makes them. What is not yet sent is known by two counters per
 * choice, since any token can be made again: a client that reads slowly, or a stall, costs no
 * memory.
 */
export function streamReply(
  options: ReplyOptions & { includeUsage: boolean; open: (onDrain: () => void) => EventStream },
): GenerationReply {
  const { head, fault } = options;
  const choices: StreamedChoice[] = options.choices.map((choice, index) => ({
    ...choice,
    frames: choiceFrames(head, index, choice.toolCall),
    sent: 0,
    finished: false,
  }));
  const holds = fault.kind === 'cut' || fault.kind === 'stall';
  let holdAt = holds ? FAULT_AFTER_TOKENS : Number.POSITIVE_INFINITY;
  let stalled = false;
  let over = false;

  /** Tokens of a choice that may be sent now, and whether more wait behind the bound of one flush. */
  const tokensOf = (choice: StreamedChoice): string => {
    const { frames, output, ticket } = choice;
    const bound = choice.sent + MAX_FRAMES_PER_FLUSH;
    const until = Math.min(ticket.sequence.generated, holdAt, bound);
    let text = choice.sent === 0 && until > 0 ? frames.opening : '';
    for (; choice.sent < until; choice.sent += 1) {
      text += frames.before + output.escapedToken(choice.sent) + frames.after;
    }
    return text;
  };

  const finishOf = (choice: StreamedChoice): string => {
    const complete = ended(choice) && choice.sent === choice.ticket.sequence.generated;
    if (choice.finished || !complete) return '';
    choice.finished = true;
    const last = choices.every((one) => one.finished) && !options.includeUsage;
    return choice.frames.finish(finishReasonOf(choice), last ? report() : null);
  };

  const report = () => simulationReportOf(choices.map((one) => one.ticket));

  const finishAll = (pending: string): void => {
    const usage = options.includeUsage ? usageFrame(head, usageOf(options), report()) : '';
    over = true;
    stream.end(pending + usage + DONE_FRAME);
    options.onEnd();
  };

  /** True when the fault takes over from here. */
  const faultStrikes = (): boolean => {
    const reached = choices.some(({ sent, ticket }) => {
      return sent >= Math.min(holdAt, ticket.sequence.outputTokens);
    });
    if (!reached) return false;
    if (fault.kind === 'stall') {
      stalled = true;
      holdAt = Number.POSITIVE_INFINITY;
      setTimeout(() => {
        stalled = false;
        flush();
      }, fault.ms).unref();
      return true;
    }
    over = true;
    // The tokens before the cut leave the socket first.
    setImmediate(() => {
      stream.cut();
      options.onEnd();
    });
    return true;
  };

  const flush = (): void => {
    if (over || stalled || stream.blocked) return;
    let text = '';
    let more = false;
    for (const choice of choices) {
      text += tokensOf(choice);
      more ||= choice.sent < Math.min(choice.ticket.sequence.generated, holdAt);
    }
    if (holdAt !== Number.POSITIVE_INFINITY && faultStrikes()) {
      if (text !== '') stream.write(text);
      return;
    }
    for (const choice of choices) text += finishOf(choice);
    if (choices.every((choice) => choice.finished)) return finishAll(text);
    if (text !== '') stream.write(text);
    if (more) setImmediate(flush);
  };

  const stream = options.open(flush);
  return { flush };
}
