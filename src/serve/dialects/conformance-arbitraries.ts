// Arbitraries map to fresh values by design; the rule is about hot loops.
/* oxlint-disable oxc/no-map-spread */
import fc from 'fast-check';
import type { TokenCounts } from '../../records/request-record.ts';
import type {
  Conversation,
  Message,
  Part,
  Reply,
  ReplyEvent,
  StopReason,
  Tool,
  ToolCall,
} from './conversation.ts';
import { emptyConversation } from './conversation-defaults.ts';

/** What a dialect can say, so that the suite asks no more of it than that. */
export interface Expressible {
  kind: Conversation['kind'];
  tools: boolean;
  images: boolean;
  /** Highest number of choices of one request. */
  choices: number;
  temperatureMax: number;
  /** Any JSON object may be asked for, without a schema. */
  jsonObject: boolean;
  topK: boolean;
  user: boolean;
  /** Tool results can be marked as errors. */
  toolErrors: boolean;
}

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const name = fc.stringMatching(/^[a-z_][a-zA-Z0-9_-]{0,11}$/);
// Through JSON once, since JSON has no -0.
const jsonObject = fc
  .dictionary(fc.string({ maxLength: 6 }), fc.jsonValue({ maxDepth: 2 }), {
    maxKeys: 3,
  })
  .map((value) => JSON.parse(JSON.stringify(value)) as typeof value);
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.option(arbitrary, { nil: null });

const textPart: fc.Arbitrary<Part> = text.map((one) => ({ type: 'text', text: one }));
const imagePart: fc.Arbitrary<Part> = fc.oneof(
  fc.webUrl().map((url): Part => ({ type: 'image', url })),
  fc.uint8Array({ minLength: 1, maxLength: 9 }).map((bytes): Part => ({
    type: 'image-data',
    mediaType: 'image/png',
    base64: Buffer.from(bytes).toString('base64'),
  })),
);

const argumentsJson = fc
  .tuple(jsonObject, fc.constantFrom(undefined, 2))
  .map(([value, indent]) => JSON.stringify(value, null, indent));

const toolCalls = (max: number): fc.Arbitrary<ToolCall[]> =>
  fc
    .array(fc.record({ name, argumentsJson }), { maxLength: max })
    .map((calls) => calls.map((call, i) => ({ id: `call_${i}-x`, ...call })));

const tool: fc.Arbitrary<Tool> = fc
  .record({ name, description: optional(text), properties: jsonObject, strict: fc.boolean() })
  .map(({ properties, strict, ...rest }) => ({
    ...rest,
    parameters: { type: 'object', properties },
    ...(strict ? { strict } : {}),
  }));

/** Turns that every API accepts: user and assistant by turns, each call answered, a user last. */
function turns(can: Expressible): fc.Arbitrary<Message[]> {
  const userParts = fc.array(can.images ? fc.oneof(textPart, imagePart) : textPart, {
    minLength: 1,
    maxLength: 3,
  });
  const user = userParts.map((parts): Message => ({ role: 'user', parts }));
  const round = fc.tuple(
    user,
    fc.array(textPart, { minLength: 1, maxLength: 2 }),
    toolCalls(can.tools ? 3 : 0),
    fc.boolean(),
  );
  const rounds = fc.array(round, { maxLength: 3 });
  return fc.tuple(rounds, user).map(([all, last]) => {
    const before = all.flatMap(([asked, parts, calls, isError]): Message[] => [
      asked,
      { role: 'assistant', parts, toolCalls: calls },
      ...calls.map((call): Message => ({
        role: 'tool',
        toolCallId: call.id,
        parts: [{ type: 'text', text: `result of ${call.name}` }],
        isError: can.toolErrors && isError,
      })),
    ]);
    return [...before, last];
  });
}

export function conversations(can: Expressible): fc.Arbitrary<Conversation> {
  if (can.kind === 'embedding') return embeddingAsks;
  if (can.kind === 'completion') {
    const prompts = text.map((one): Message[] => [
      { role: 'user', parts: [{ type: 'text', text: one }] },
    ]);
    return withSampling(can, prompts);
  }
  return fc
    .record({
      ask: withSampling(can, turns(can)),
      system: fc.array(text, { maxLength: 2 }),
      tools: can.tools ? fc.array(tool, { minLength: 1, maxLength: 3 }) : fc.constant<Tool[]>([]),
      choice: optional(fc.constantFrom('auto', 'none', 'any', 'tool')),
      parallel: optional(fc.boolean()),
      schema: jsonSchemas(can),
    })
    .map(({ ask, system, tools, choice, parallel, schema }) => ({
      ...ask,
      system,
      tools,
      toolChoice: tools.length === 0 || choice === null ? null : chosen(choice, tools),
      // Said only where there is something to be parallel about, so that every wire can hold it.
      parallelToolCalls: choice === 'auto' || choice === 'any' ? parallel : null,
      jsonSchema: schema,
    }));
}

const chosen = (
  mode: 'auto' | 'none' | 'any' | 'tool',
  tools: readonly Tool[],
): Conversation['toolChoice'] =>
  mode === 'tool' ? { mode, name: tools[0]?.name ?? '' } : { mode };

const namedSchema = (schema: Record<string, unknown>): Conversation['jsonSchema'] => ({
  name: 'reply',
  schema,
  strict: true,
});

const jsonSchemas = (can: Expressible): fc.Arbitrary<Conversation['jsonSchema']> =>
  fc.oneof(
    fc.constant<Conversation['jsonSchema']>(null),
    jsonObject.map(namedSchema),
    ...(can.jsonObject ? [fc.constant<Conversation['jsonSchema']>(true)] : []),
  );

const embeddingAsks: fc.Arbitrary<Conversation> = fc
  .array(fc.oneof(text, fc.array(fc.nat(), { minLength: 1, maxLength: 4 })), {
    minLength: 1,
    maxLength: 3,
  })
  .map((inputs) => ({ ...emptyConversation('embedding', 'm', false), inputs }));

function withSampling(
  can: Expressible,
  messages: fc.Arbitrary<Message[]>,
): fc.Arbitrary<Conversation> {
  return fc
    .record({
      model: name,
      stream: fc.boolean(),
      messages,
      maxTokens: fc.integer({ min: 1, max: 100_000 }),
      temperature: optional(fc.double({ min: 0, max: can.temperatureMax, noNaN: true })),
      topP: optional(fc.double({ min: 0, max: 1, noNaN: true })),
      topK: can.topK ? optional(fc.nat(100)) : fc.constant(null),
      stop: fc.array(text, { maxLength: 3 }),
      n: fc.integer({ min: 1, max: can.choices }),
      user: can.user ? optional(text) : fc.constant(null),
    })
    .map((fields) => ({ ...emptyConversation(can.kind, fields.model, fields.stream), ...fields }));
}

const count = fc.nat(1_000_000);

export const tokenCounts: fc.Arbitrary<TokenCounts> = fc
  .tuple(count, count, count, count, count)
  .map(([fresh, cachedIn, cacheWrite, said, reasoning]) => ({
    in: fresh + cachedIn + cacheWrite,
    cachedIn,
    cacheWrite,
    out: said + reasoning,
    reasoning,
  }));

function choices(can: Expressible): fc.Arbitrary<Reply['choices'][number]> {
  const plain = fc.constantFrom<StopReason>('stop', 'length', 'content_filter');
  return fc
    .record({ text: fc.oneof(text, fc.constant('')), calls: toolCalls(can.tools ? 3 : 0), plain })
    .map((made) => ({
      text: made.text,
      toolCalls: made.calls,
      stopReason: made.calls.length > 0 && made.plain === 'stop' ? 'tool_calls' : made.plain,
    }));
}

export function replies(can: Expressible): fc.Arbitrary<Reply> {
  const generated = can.kind !== 'embedding';
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  const vector: fc.Arbitrary<number[] | string> = fc.array(number, { maxLength: 4 });
  return fc
    .record({
      id: name,
      model: name,
      createdAtS: fc.integer({ min: 1, max: 2_000_000_000 }),
      choices: generated
        ? fc.array(choices(can), { minLength: 1, maxLength: can.choices })
        : fc.constant<Reply['choices']>([]),
      embeddings: generated
        ? fc.constant<Reply['embeddings']>([])
        : fc.array(vector, { maxLength: 3 }),
      usage: tokenCounts,
    })
    .map((reply) => (generated ? reply : { ...reply, usage: embeddingUsage(reply.usage) }));
}

const embeddingUsage = (usage: TokenCounts): TokenCounts => ({
  in: usage.in,
  cachedIn: null,
  cacheWrite: null,
  out: 0,
  reasoning: 0,
});

/** A finished reply told as a stream: its text and arguments in pieces, calls by turns. */
export function streams(can: Expressible): fc.Arbitrary<ReplyEvent[]> {
  return fc
    .tuple(replies(can), fc.array(fc.nat(1000), { minLength: 8, maxLength: 40 }))
    .map(([reply, dice]) => tell(reply, dice));
}

function tell(reply: Reply, dice: readonly number[]): ReplyEvent[] {
  let rolled = 0;
  const roll = (sides: number): number => (dice[rolled++ % dice.length] ?? 0) % sides;
  const { id, model, createdAtS, usage } = reply;
  const events: ReplyEvent[] = [{ type: 'start', id, model, createdAtS, usage: null }];
  // One lane per call and one for the text of each choice; lanes advance by turns.
  const lanes = reply.choices.flatMap((choice, i) => lanesOf(choice, i, roll));
  let open = lanes.filter((lane) => lane.length > 0);
  while (open.length > 0) {
    const lane = open[roll(Math.min(open.length, 3))];
    const event = lane?.shift();
    if (event !== undefined) events.push(event);
    open = open.filter((one) => one.length > 0);
  }
  reply.choices.forEach(({ stopReason }, choice) =>
    events.push({ type: 'finish', choice, stopReason }),
  );
  events.push({ type: 'usage', usage }, { type: 'end' });
  return inOrderOfStart(events);
}

function lanesOf(
  choice: Reply['choices'][number],
  index: number,
  roll: (sides: number) => number,
): ReplyEvent[][] {
  const said = pieces(choice.text, roll).map((piece): ReplyEvent => ({
    type: 'text',
    choice: index,
    text: piece,
  }));
  const calls = choice.toolCalls.map((call, at): ReplyEvent[] => [
    { type: 'tool-start', choice: index, index: at, id: call.id, name: call.name },
    ...pieces(call.argumentsJson, roll).map((json): ReplyEvent => ({
      type: 'tool-arguments',
      choice: index,
      index: at,
      json,
    })),
  ]);
  return [said, ...calls];
}

/** Indexes count in order of appearance, so starts are put in that order per choice. */
function inOrderOfStart(events: ReplyEvent[]): ReplyEvent[] {
  const seen = new Map<string, number>();
  const next = new Map<number, number>();
  return events.map((event) => {
    if (event.type !== 'tool-start' && event.type !== 'tool-arguments') return event;
    const key = `${event.choice}/${event.index}`;
    let index = seen.get(key);
    if (index === undefined) {
      index = next.get(event.choice) ?? 0;
      seen.set(key, index);
      next.set(event.choice, index + 1);
    }
    return { ...event, index };
  });
}

/** Cuts between code points, as engines do. */
function pieces(whole: string, roll: (sides: number) => number): string[] {
  const points = Array.from(whole);
  const cut: string[] = [];
  while (points.length > 0) cut.push(points.splice(0, 1 + roll(5)).join(''));
  return cut;
}
