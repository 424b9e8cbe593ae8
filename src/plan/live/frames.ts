import type { SimulationReport } from '../../records/simulation.ts';
import type { GenerationAsk } from './read-request.ts';

export const FINGERPRINT = 'tailrace-simulated';

export interface ReplyHead {
  kind: GenerationAsk['kind'];
  id: string;
  createdS: number;
  model: string;
}

export interface Usage {
  promptTokens: number;
  completionTokens: number;
}

/** JSON in ASCII, so that its length in characters is its length in bytes. */
const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const headJson = ({ kind, id, createdS, model }: ReplyHead, unary: boolean): string => {
  const object =
    kind === 'completion' ? 'text_completion' : `chat.completion${unary ? '' : '.chunk'}`;
  const head = { id, object, created: createdS, model, system_fingerprint: FINGERPRINT };
  return asciiJson(head).slice(0, -1);
};

const usageJson = ({ promptTokens, completionTokens }: Usage): string =>
  asciiJson({
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  });

/** The frames of one choice of a stream; everything but the token itself is built once. */
export interface ChoiceFrames {
  /** Goes before the first token ('' where the format has none). */
  opening: string;
  /** A token's frame is before + token + after. The token must need no escape in JSON. */
  before: string;
  after: string;
  /** `report` where this is the last data frame. */
  finish(reason: string, report: SimulationReport | null): string;
}

export function choiceFrames(reply: ReplyHead, index: number): ChoiceFrames {
  const start = `data: ${headJson(reply, false)},"choices":[{"index":${index},`;
  const isChat = reply.kind === 'chat';
  const end = (reason: string | null): string =>
    `"logprobs":null,"finish_reason":${JSON.stringify(reason)}}]`;
  return {
    opening: isChat ? `${start}"delta":{"role":"assistant","content":""},${end(null)}}\n\n` : '',
    before: `${start}${isChat ? '"delta":{"content":"' : '"text":"'}`,
    after: `"${isChat ? '}' : ''},${end(null)}}\n\n`,
    finish: (reason, report) =>
      `${start}${isChat ? '"delta":{}' : '"text":""'},${end(reason)}${reportMember(report)}}\n\n`,
  };
}

export const usageFrame = (reply: ReplyHead, usage: Usage, report: SimulationReport): string =>
  `data: ${headJson(reply, false)},"choices":[],"usage":${usageJson(usage)}${reportMember(report)}}\n\n`;

export const DONE_FRAME = 'data: [DONE]\n\n';

const reportMember = (report: SimulationReport | null): string =>
  report === null ? '' : `,"tailrace":${asciiJson(report)}`;

/** The body of a unary reply. */
export function unaryBody(
  reply: ReplyHead,
  choices: ReadonlyArray<{ text: string; finishReason: string }>,
  usage: Usage,
  report: SimulationReport,
): string {
  const list = choices.map(({ text, finishReason }, index) => ({
    index,
    ...(reply.kind === 'chat' ? { message: { role: 'assistant', content: text } } : { text }),
    logprobs: null,
    finish_reason: finishReason,
  }));
  return (
    `${headJson(reply, true)},"choices":${asciiJson(list)},"usage":${usageJson(usage)}` +
    `${reportMember(report)}}`
  );
}
