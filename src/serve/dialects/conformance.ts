// Arbitraries map to fresh values by design; the rule is about hot loops.
/* oxlint-disable oxc/no-map-spread */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TailraceError, type Result } from '../../records/errors.ts';
import {
  conversations,
  replies,
  streams,
  tokenCounts,
  type Expressible,
} from './conformance-arbitraries.ts';
import { callOf, meaningOf, told } from './conformance-meaning.ts';
import { emptyConversation } from './conversation-defaults.ts';
import type { Reply, ReplyEvent } from './conversation.ts';
import type { ClientDialectForm, EngineDialectForm, SseEvent } from './dialect.ts';
import { createSseParser } from './sse.ts';

export type { Expressible } from './conformance-arbitraries.ts';

/**
 * The suite that every client dialect must pass, together with the engine dialect of its family: what one
 * writes the other reads back with the same meaning, errors keep their code, and no input makes
 * either of them throw.
 */
export function clientDialectConformance(
  form: ClientDialectForm,
  engine: EngineDialectForm,
  can: Expressible,
): void {
  describe(`client dialect ${form.id}`, () => {
    describeFacts(form, engine);
    describeRequests(form, engine, can);
    describeReplies(form, engine, can);
    if (can.kind !== 'embedding') describeStreams(form, engine, can);
    describeErrors(form, engine);
    describeHostileInput(form, engine, can);
  });
}

function describeFacts(form: ClientDialectForm, engine: EngineDialectForm): void {
  it('belongs to the engine dialect of its family', () => {
    expect(form.native).toBe(engine.id);
    expect(form.path.endsWith(form.enginePath)).toBe(true);
  });

  it.each([
    ['model', {}],
    ['model', { model: 7 }],
    ['model', { model: '' }],
  ])('refuses a request by the name of the field: %s in %j', (field, body) => {
    const facts = form.facts(body);
    expect(facts.ok ? null : [facts.error.code, facts.error.field]).toEqual([
      'TR_FIELD_INVALID',
      field,
    ]);
  });

  it('reads the model', () => {
    expect(form.facts({ model: 'm', stream: null })).toMatchObject({
      ok: true,
      value: { model: 'm', stream: false },
    });
  });
}

function describeRequests(
  form: ClientDialectForm,
  engine: EngineDialectForm,
  can: Expressible,
): void {
  it('keeps the meaning of a request from conversation to wire and back', () => {
    fc.assert(
      fc.property(conversations(can), (ask) => {
        const body = overWire(valueOf(engine.fromConversation(ask)));
        expect(form.facts(body)).toMatchObject({
          ok: true,
          value: { model: ask.model, stream: ask.stream },
        });
        expect(engine.path(ask)).toBe(form.enginePath);
        const again = valueOf(form.toConversation(body));
        expect(meaningOf(again)).toEqual(meaningOf(ask));
        expect(overWire(valueOf(engine.fromConversation(again)))).toEqual(body);
      }),
    );
  });

  it('finds all text of the prompt', () => {
    fc.assert(
      fc.property(conversations(can), (ask) => {
        const text = form.promptText(overWire(valueOf(engine.fromConversation(ask))));
        const said = [...ask.system, ...ask.inputs.filter((one) => typeof one === 'string')];
        for (const message of ask.messages) {
          for (const part of message.parts) if (part.type === 'text') said.push(part.text);
        }
        for (const one of said) expect(text).toContain(one);
      }),
    );
  });

  it('refuses a field that it does not know, by name', () => {
    const body = valueOf(engine.fromConversation(plainAsk(can)));
    const read = form.toConversation({ ...overWire(body), brand_new_field: 1 });
    expect(read.ok ? null : [read.error.code, read.error.field]).toEqual([
      'TR_DIALECT_UNSUPPORTED',
      'brand_new_field',
    ]);
  });
}

function describeReplies(
  form: ClientDialectForm,
  engine: EngineDialectForm,
  can: Expressible,
): void {
  const ask = plainAsk(can);

  it('keeps a reply from common form to wire and back', () => {
    fc.assert(
      fc.property(replies(can), (reply) => {
        const body = overWire(form.fromReply(reply, ask));
        expect(comparable(valueOf(engine.toReply(body, ask)), body)).toEqual(
          comparable(reply, body),
        );
        expect(form.usage(body)).toEqual(reply.usage);
      }),
    );
  });

  it('finds all text of a reply', () => {
    fc.assert(
      fc.property(replies(can), (reply) => {
        const text = form.outputText(overWire(form.fromReply(reply, ask)));
        expect(withoutSpace(text)).toBe(withoutSpace(textOf(reply)));
      }),
    );
  });
}

function describeStreams(
  form: ClientDialectForm,
  engine: EngineDialectForm,
  can: Expressible,
): void {
  const ask = { ...plainAsk(can), stream: true };

  it('keeps a stream from events to wire and back, however it is cut', () => {
    fc.assert(
      fc.property(streams(can), fc.array(fc.nat(5000), { maxLength: 8 }), (events, cuts) => {
        const frames = parsed(written(form, can, events), cuts);
        const read = frames.flatMap(toReader(engine, ask));
        expect(told(read)).toEqual(told(events));
      }),
      { numRuns: 300 },
    );
  });

  it('finds usage and output text in the frames of a stream', () => {
    fc.assert(
      fc.property(streams(can), (events) => {
        const frames = parsed(written(form, can, events), []).flatMap(jsonOf);
        const text = frames.map((frame) => form.outputText(frame)).join('');
        const said = told(events);
        const characters = [...said.choices.values()].flatMap((choice) => [
          ...Array.from(choice.text),
          ...choice.calls.flatMap((call) => Array.from(call.name + call.argumentsJson)),
        ]);
        expect(Array.from(text).sort()).toEqual(characters.sort());
        const usages = frames.map((frame) => form.usage(frame)).filter((one) => one !== null);
        expect(usages.at(-1)).toEqual(said.usage);
      }),
    );
  });

  it('does not end a stream that was cut', () => {
    fc.assert(
      fc.property(streams(can), (events) => {
        const frames = parsed(written(form, can, events.slice(0, -1)), []);
        expect(told(frames.flatMap(toReader(engine, ask))).ended).toBe(false);
      }),
    );
  });
}

function describeErrors(form: ClientDialectForm, engine: EngineDialectForm): void {
  const error = new TailraceError('TR_UPSTREAM_CUT', 'the engine went away', { field: 'model' });

  it('writes errors that its own reader understands, with code and request id', () => {
    const body = overWire(form.errorBody(error, 'req-1'));
    expect(engine.errorMessage(body)).toContain('the engine went away');
    expect(engine.errorMessage(body)).toContain('req-1');
    expect(JSON.stringify(body)).toContain('TR_UPSTREAM_CUT');
  });

  it('writes an error frame that ends the stream with an error', () => {
    const [frame, ...more] = parsed(form.errorFrame(error, 'req-1'), []);
    expect(more).toEqual([]);
    const read = engine.streamReader(emptyConversation('chat', 'm', true))(
      frame ?? { event: '', data: '' },
    );
    expect(read.ok ? null : read.error.code).toBe('TR_UPSTREAM_ERROR');
    expect(read.ok ? null : read.error.message).toContain('the engine went away');
  });
}

function describeHostileInput(
  form: ClientDialectForm,
  engine: EngineDialectForm,
  can: Expressible,
): void {
  const ask = plainAsk(can);

  it('answers any body with a result or a coded error, and never throws', () => {
    fc.assert(
      fc.property(hostileObjects(form, engine, can), (body) => {
        form.usage(body);
        form.outputText(body);
        form.promptText(body);
        engine.errorMessage(body);
        expectCoded(form.facts(body), ['TR_FIELD_INVALID']);
        expectCoded(form.toConversation(body), ['TR_FIELD_INVALID', 'TR_DIALECT_UNSUPPORTED']);
        expectCoded(engine.toReply(body, ask), ['TR_UPSTREAM_INVALID']);
        const read = engine.streamReader(ask);
        const frame = { event: '', data: JSON.stringify(body) };
        const codes = ['TR_UPSTREAM_INVALID', 'TR_UPSTREAM_ERROR'];
        for (const one of [frame, frame, { event: '', data: '[DONE]' }]) {
          expectCoded(read(one), codes);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('refuses a frame that is not JSON', () => {
    const read = engine.streamReader(ask)({ event: '', data: '<html>' });
    expect(read.ok ? null : read.error.code).toBe('TR_UPSTREAM_INVALID');
  });

  it('reads counts that are none as unknown', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), tokenCounts, (junk, counts) => {
        const negative = Object.fromEntries(
          Object.entries(counts).map(([key, value]) => [key, -1 - (value ?? 0)]),
        );
        const usage = { ...junk, ...negative, prompt_tokens: '7', input_tokens: -7 };
        const read = form.usage({ usage });
        expect(read?.in ?? null).toBe(null);
      }),
    );
  });
}

/** Real bodies of the dialect with parts exchanged for anything. */
function hostileObjects(
  form: ClientDialectForm,
  engine: EngineDialectForm,
  can: Expressible,
): fc.Arbitrary<Record<string, unknown>> {
  const real = fc.oneof(
    conversations(can).map((ask) => overWire(valueOf(engine.fromConversation(ask)))),
    replies(can).map((reply) => overWire(form.fromReply(reply, plainAsk(can)))),
    streams({ ...can, kind: 'chat' }).map((events) => ({
      ...jsonOf(parsed(written(form, can, events), [])[1] ?? { event: '', data: '{}' })[0],
    })),
  );
  return fc
    .tuple(real, fc.array(fc.tuple(fc.nat(), fc.jsonValue()), { maxLength: 4 }))
    .map(([body, changes]) => {
      for (const [at, value] of changes) exchange(body, at, value);
      return body;
    });
}

/** Puts `value` in place of the member that `at` picks, anywhere in the tree. */
function exchange(tree: Record<string, unknown>, at: number, value: unknown): void {
  const places: Array<[Record<string, unknown>, string]> = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      visit((node as Record<string, unknown>)[key]);
    }
  };
  visit(tree);
  const place = places[at % Math.max(1, places.length)];
  if (place !== undefined) place[0][place[1]] = value;
}

const plainAsk = (can: Expressible) => ({
  ...emptyConversation(can.kind, 'm', false),
  messages: [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'hi' }] }],
  inputs: can.kind === 'embedding' ? ['hi'] : [],
  maxTokens: can.kind === 'embedding' ? null : 5,
});

const overWire = (body: Record<string, unknown>): Record<string, unknown> =>
  JSON.parse(JSON.stringify(body)) as Record<string, unknown>;

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw result.error;
  return result.value;
}

function expectCoded(result: Result<unknown>, codes: string[]): void {
  if (!result.ok) expect(codes).toContain(result.error.code);
}

/** Without what the wire has no place for. */
function comparable(reply: Reply, body: Record<string, unknown>): unknown {
  return {
    ...reply,
    id: 'id' in body ? reply.id : null,
    createdAtS: 'created' in body ? reply.createdAtS : null,
    choices: reply.choices.map((choice) => ({
      ...choice,
      toolCalls: choice.toolCalls.map(callOf),
    })),
  };
}

const textOf = (reply: Reply): string =>
  reply.choices
    .map(({ text, toolCalls }) =>
      [text, ...toolCalls.flatMap((call) => [call.name, meaningfulJson(call.argumentsJson)])].join(
        '',
      ),
    )
    .join('');

/** A wire that holds arguments as objects says nothing for an empty one. */
const meaningfulJson = (json: string): string => (/^\{\s*\}$/.test(json) ? '' : json);

const withoutSpace = (text: string): string => text.replaceAll(/\s|\{\}/g, '');

function written(form: ClientDialectForm, can: Expressible, events: readonly ReplyEvent[]): string {
  const write = form.streamWriter(plainAsk(can), { includeUsage: true });
  return events.map((event) => write(event)).join('');
}

function parsed(wire: string, cuts: readonly number[]): SseEvent[] {
  const bytes = Buffer.from(wire);
  const parser = createSseParser(1_000_000);
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length];
  edges.sort((a, b) => a - b);
  return edges.slice(1).flatMap((end, i) => parser.push(bytes.subarray(edges[i], end)));
}

const jsonOf = (frame: SseEvent): Array<Record<string, unknown>> =>
  frame.data === '[DONE]' ? [] : [JSON.parse(frame.data) as Record<string, unknown>];

function toReader(
  engine: EngineDialectForm,
  ask: ReturnType<typeof plainAsk>,
): (frame: SseEvent) => ReplyEvent[] {
  const read = engine.streamReader(ask);
  return (frame) => valueOf(read(frame));
}
