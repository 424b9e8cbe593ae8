/**
 * What the wire upstream says: plain rules, so that a test can predict every word and count. A
 * token is a word (text between white space).
 */
export type Json = Record<string, unknown>;

/** A request, as far as the script needs to know it, read from either wire. */
export interface Ask {
  model: string;
  /** All text of the prompt, for counting. */
  promptText: string;
  /** Text of the last user message; '' when the last message is a tool result. */
  lastUserText: string;
  /** Texts of the tool results that the last turn carries. */
  toolResults: string[];
  tools: Array<{ name: string; schema: Json }>;
  /** The tool that must be called, if one must. */
  forcedTool: string | null;
  toolsOff: boolean;
  parallel: boolean;
  maxTokens: number | null;
  stop: string[];
  schema: Json | null;
}

export interface Call {
  name: string;
  argumentsJson: string;
}

export interface Saying {
  text: string;
  calls: Call[];
  stop: 'stop' | 'length' | 'tool_calls';
  /** The stop sequence that ended the text, if one did. */
  stopSequence: string | null;
  inTokens: number;
  outTokens: number;
}

export const countWords = (text: string): number => text.match(/\S+/g)?.length ?? 0;

/** Words with the white space before them; joined they are the text. */
export const wordPieces = (text: string): string[] => text.match(/\s*\S+|\s+$/g) ?? [];

/** JSON in pieces of a few characters, as models stream it. */
export const jsonPieces = (json: string): string[] => json.match(/.{1,6}/gsu) ?? [];

export function say(ask: Ask): Saying {
  const calls = callsOf(ask);
  const spoken = calls.length > 0 ? { text: '', stopSequence: null } : untilStop(ask);
  const words = wordPieces(spoken.text);
  const cut = calls.length === 0 && ask.maxTokens !== null && words.length > ask.maxTokens;
  const text = cut ? words.slice(0, ask.maxTokens ?? 0).join('') : spoken.text;
  const outTokens =
    countWords(text) + calls.reduce((sum, call) => sum + countWords(call.argumentsJson), 0);
  const ended = cut ? 'length' : 'stop';
  return {
    text,
    calls,
    stop: calls.length > 0 ? 'tool_calls' : ended,
    stopSequence: cut ? null : spoken.stopSequence,
    inTokens: countWords(ask.promptText),
    outTokens,
  };
}

function callsOf(ask: Ask): Call[] {
  if (ask.toolsOff || ask.tools.length === 0 || ask.toolResults.length > 0) return [];
  const asked = /weather/i.test(ask.lastUserText);
  if (!asked && ask.forcedTool === null) return [];
  const weather = ask.tools.find(({ name }) => /weather/i.test(name));
  const tool = ask.tools.find(({ name }) => name === ask.forcedTool) ?? weather ?? ask.tools[0];
  if (tool === undefined) return [];
  if (tool !== weather) {
    return [{ name: tool.name, argumentsJson: JSON.stringify(exampleOf(tool.schema)) }];
  }
  const match = /\bin (\p{Lu}[\p{L}-]*)(?: and (\p{Lu}[\p{L}-]*))?/u.exec(ask.lastUserText);
  const cities = [match?.[1] ?? 'Paris', ...(match?.[2] === undefined ? [] : [match[2]])];
  return cities.slice(0, ask.parallel ? 2 : 1).map((city) => ({
    name: tool.name,
    argumentsJson: JSON.stringify({ city, unit: 'celsius' }),
  }));
}

function untilStop(ask: Ask): { text: string; stopSequence: string | null } {
  const full = fullText(ask);
  for (const stopSequence of ask.stop) {
    const at = full.indexOf(stopSequence);
    if (at !== -1) return { text: full.slice(0, at), stopSequence };
  }
  return { text: full, stopSequence: null };
}

function fullText(ask: Ask): string {
  if (ask.schema !== null) return JSON.stringify(exampleOf(ask.schema));
  if (ask.toolResults.length > 0) return `The tool said: ${ask.toolResults.join(' and ')}`;
  return `You said: ${ask.lastUserText}`;
}

/** A value that fits a simple JSON schema. */
function exampleOf(schema: Json): unknown {
  const { type, properties, enum: allowed } = schema;
  if (Array.isArray(allowed)) return allowed[0];
  if (type === 'number' || type === 'integer') return 7;
  if (type === 'boolean') return true;
  if (type === 'array') return [];
  if (type === 'string') return 'a text';
  return Object.fromEntries(
    Object.entries((properties ?? {}) as Record<string, Json>).map(([key, value]) => [
      key,
      exampleOf(value),
    ]),
  );
}

/** A vector that depends on the text alone. */
export function embeddingOf(input: unknown, dimensions: number): number[] {
  const text = JSON.stringify(input);
  let state = 2_166_136_261;
  return Array.from({ length: dimensions }, (_, i) => {
    state = Math.imul(state ^ (text.charCodeAt(i % text.length) + i), 16_777_619);
    return (state >>> 8) / 2 ** 24 - 0.5;
  });
}
