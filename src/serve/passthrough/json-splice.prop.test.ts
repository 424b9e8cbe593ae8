import fc from 'fast-check';
import { expect, test } from 'vitest';
import { setTopLevel } from './json-splice.ts';

const key = fc.constantFrom('model', 'stream_options', 'a"b', '\\', 'x');

test('setting a key equals setting it on the parsed object', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.oneof(key, fc.string()), fc.jsonValue()),
      key,
      fc.jsonValue(),
      fc.constantFrom(undefined, 1, '\t'),
      (object, name, value, indent) => {
        const spliced: unknown = JSON.parse(
          setTopLevel(JSON.stringify(object, null, indent), name, value),
        );
        const wanted: Record<string, unknown> = JSON.parse(JSON.stringify(object));
        Object.defineProperty(wanted, name, { value, enumerable: true });
        expect(spliced).toEqual(JSON.parse(JSON.stringify(wanted)));
      },
    ),
  );
});

test('other bytes stay as they were', () => {
  const text = '{ "big": 12345678901234567890, "model":"a" , "f": 1.0 }';
  expect(setTopLevel(text, 'model', 'b')).toBe(
    '{ "big": 12345678901234567890, "model":"b" , "f": 1.0 }',
  );
  expect(setTopLevel('{}', 'model', 'b')).toBe('{"model":"b"}');
});

test('of duplicate keys the last is the one that counts, as in JSON.parse', () => {
  expect(setTopLevel('{"model":"a","model":"b"}', 'model', 'c')).toBe('{"model":"a","model":"c"}');
});
