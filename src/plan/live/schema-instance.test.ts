import { describe, expect, it } from 'vitest';
import { schemaInstance } from './schema-instance.ts';

const valueOf = (schema: unknown): unknown => {
  const instance = schemaInstance(schema);
  return instance.ok ? instance.value : instance.reason;
};

describe('an instance', () => {
  it('has what is required, in the order of the properties, and no more', () => {
    const properties = { c: { type: 'boolean' }, a: { type: 'string' }, b: { type: 'integer' } };
    expect(JSON.stringify(valueOf({ properties, required: ['a', 'c'] }))).toBe(
      '{"c":false,"a":"text"}',
    );
    expect(valueOf({ properties, minProperties: 4 })).toEqual({
      c: false,
      a: 'text',
      b: 0,
      key1: {},
    });
    expect(valueOf({ type: 'array', items: { type: 'string' } })).toEqual([]);
  });

  it('takes the shallowest way out of a recursion', () => {
    const node = {
      type: 'object',
      properties: { next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
      required: ['next'],
    };
    expect(valueOf({ $ref: '#/$defs/node', $defs: { node } })).toEqual({ next: null });
    const tree = { properties: { left: { $ref: '#' }, right: { $ref: '#' } } };
    expect(valueOf({ ...tree, minProperties: 0 })).toEqual({});
    expect(valueOf({ ...tree, required: ['left', 'right'] })).toBe('too-large');
  });

  it('reads escaped pointers, and properties named like members of every object', () => {
    const $defs = { 'a/b~c d': { const: 7 }, constructor: { const: 8 } };
    expect(valueOf({ $ref: '#/$defs/a~1b~0c%20d', $defs })).toBe(7);
    expect(valueOf({ $ref: '#/$defs/constructor', $defs })).toBe(8);
    expect(valueOf({ $ref: '#/$defs/toString', $defs })).toBe('no-instance');
    const proto: unknown = JSON.parse('{"properties":{"__proto__":{"const":1}},"minProperties":1}');
    expect(JSON.stringify(valueOf(proto))).toBe('{"__proto__":1}');
    expect(JSON.stringify(valueOf({ required: ['__proto__'] }))).toBe('{"__proto__":{}}');
  });

  it('joins what several schemas ask for', () => {
    const allOf = [
      { properties: { n: { minimum: 3 } }, required: ['n'] },
      { properties: { n: { type: 'integer', minimum: 5, maximum: 9 } } },
      { $ref: '#/$defs/named' },
    ];
    const $defs = { named: { properties: { name: { const: 'x' } }, required: ['name'] } };
    expect(valueOf({ type: 'object', allOf, $defs })).toEqual({ n: 5, name: 'x' });
    const anyOf = [{ required: ['a'] }, { required: ['b'] }];
    const properties = { a: false, b: { type: 'null' } };
    expect(valueOf({ type: 'object', properties, anyOf })).toEqual({ b: null });
  });

  it('keeps literals to the type beside them', () => {
    expect(valueOf({ type: 'integer', enum: [null, 'a', 1.5, 2] })).toBe(2);
    expect(valueOf({ enum: [null, 'a'] })).toBeNull();
    expect(valueOf({ type: ['null', 'string'] })).toBeNull();
    expect(valueOf({ type: 'string', const: 1 })).toBe('no-instance');
  });
});

describe('numbers', () => {
  it.each([
    [{ minimum: 2.5 }, 2.5],
    [{ exclusiveMinimum: 2, exclusiveMaximum: 3 }, 2.5],
    [{ exclusiveMaximum: 0 }, -1],
    [{ type: 'integer', exclusiveMinimum: 2 }, 3],
    [{ type: 'integer', maximum: -2.5 }, -3],
    [{ type: 'integer', minimum: 1, multipleOf: 7 }, 7],
    [{ minimum: 1, multipleOf: 0.75 }, 1.5],
    [{ maximum: -1, multipleOf: 2 }, -2],
    [{ type: 'integer', exclusiveMinimum: 2, exclusiveMaximum: 3 }, 'no-instance'],
    [{ minimum: 2, maximum: 1 }, 'no-instance'],
  ])('%j gives %j', (schema, value) => {
    expect(valueOf(schema)).toBe(value);
  });
});

describe('no instance', () => {
  it.each([
    false,
    null,
    'text',
    { type: 'mystery' },
    { enum: [] },
    { minLength: 3, maxLength: 2 },
    { minItems: 3, maxItems: 2 },
    { items: false, minItems: 1 },
    { required: ['a'], additionalProperties: false },
    { required: ['a', 'b'], maxProperties: 1 },
    { $ref: 'https://example.com/schema' },
    { $ref: '#/$defs/missing' },
  ])('of %j', (schema) => {
    expect(schemaInstance(schema)).toEqual({ ok: false, reason: 'no-instance' });
  });

  it('of one that is too large, found out without making it', () => {
    const long = { const: 'x'.repeat(20_000) };
    let nested: unknown = { type: 'array', minItems: 10 };
    for (let i = 0; i < 20; i += 1) nested = { type: 'array', minItems: 10, items: nested };
    let choices: unknown = { type: 'object', required: ['a'], properties: { a: { $ref: '#' } } };
    choices = { anyOf: [choices, choices, choices] };
    for (const schema of [
      { type: 'string', minLength: 1e12 },
      { type: 'array', minItems: 1e12 },
      { type: 'object', minProperties: 1e12 },
      { type: 'array', minItems: 10, items: long },
      { $ref: '#' },
      { allOf: [{ $ref: '#' }, { $ref: '#' }] },
      nested,
      choices,
    ]) {
      expect(schemaInstance(schema)).toEqual({ ok: false, reason: 'too-large' });
    }
  });
});
