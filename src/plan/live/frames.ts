import type { SimulationReport } from '../../records/simulation.ts';
import { asciiJson } from './ascii-json.ts';
import type { GenerationAsk } from './read-request.ts';

export const FINGERPRINT = 'tailrace-simulated';

export interface ReplyHead {
  kind: GenerationAsk['kind'];
  id: string;
  createdS: number;
  model: string;
}

/** A tool call as it is named before its arguments come. */
export interface ToolCallHead {
  id: string;
  name: string;
}

export interface Usage {
  promptTokens: number;
  completionTokens: number;
}

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
  /** A token's frame is before + token + after; the token as it stands inside a JSON string. */
  before: string;
  after: string;
  /** `report` where this is the last data frame. */
  finish(reason: string, report: SimulationReport | null): string;
}

export function choiceFrames(
  reply: ReplyHead,
  index: number,
  toolCall: ToolCallHead | null,
): ChoiceFrames {
  const start = `data: ${headJson(reply, false)},"choices":[{"index":${index},`;
  const isChat = reply.kind === 'chat';
  const end = (reason: string | null): string =>
    `"logprobs":null,"finish_reason":${JSON.stringify(reason)}}]`;
  const call = toolCall === null ? null : { index: 0, ...toolCallJson(toolCall, '') };
  const first = call === null ? { content: '' } : { content: null, tool_calls: [call] };
  const delta = asciiJson({ role: 'assistant', ...first });
  const [before, after] = aroundToken(reply.kind, toolCall !== null);
  return {
    opening: isChat ? `${start}"delta":${delta},${end(null)}}\n\n` : '',
    before: start + before,
    after: `${after},${end(null)}}\n\n`,
    finish: (reason, report) =>
      `${start}${isChat ? '"delta":{}' : '"text":""'},${end(reason)}${reportMember(report)}}\n\n`,
  };
}

function aroundToken(kind: ReplyHead['kind'], isToolCall: boolean): [string, string] {
  if (kind === 'completion') return ['"text":"', '"'];
  return isToolCall
    ? ['"delta":{"tool_calls":[{"index":0,"function":{"arguments":"', '"}}]}']
    : ['"delta":{"content":"', '"}'];
}

const toolCallJson = ({ id, name }: ToolCallHead, args: string) => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});

export const usageFrame = (reply: ReplyHead, usage: Usage, report: SimulationReport): string =>
  `data: ${headJson(reply, false)},"choices":[],"usage":${usageJson(usage)}${reportMember(report)}}\n\n`;

export const DONE_FRAME = 'data: [DONE]\n\n';

const reportMember = (report: SimulationReport | null): string =>
  report === null ? '' : `,"tailrace":${asciiJson(report)}`;

/** The body of a unary reply. */
export function unaryBody(
  reply: ReplyHead,
  choices: ReadonlyArray<{ text: string; finishReason: string; toolCall: ToolCallHead | null }>,
  usage: Usage,
  report: SimulationReport,
): string {
  const said = (text: string, toolCall: ToolCallHead | null) =>
    toolCall === null
      ? { content: text }
      : { content: null, tool_calls: [toolCallJson(toolCall, text)] };
  const list = choices.map(({ text, finishReason, toolCall }, index) => ({
    index,
    ...(reply.kind === 'chat'
      ? { message: { role: 'assistant', ...said(text, toolCall) } }
      : { text }),
    logprobs: null,
    finish_reason: finishReason,
  }));
  return (
    `${headJson(reply, true)},"choices":${asciiJson(list)},"usage":${usageJson(usage)}` +
    `${reportMember(report)}}`
  );
}
