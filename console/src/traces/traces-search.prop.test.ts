import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTracesSearch } from '../search.ts';

const id = fc.uuid({ version: 7 });

test('whatever is typed into the address, only ids are opened, each once and at most 16', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(id, fc.string()), { maxLength: 40 }), (typed) => {
      const { open } = parseTracesSearch({ open: typed.join() });
      const ids = open === undefined ? [] : open.split(',');
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeLessThanOrEqual(16);
      for (const one of ids) expect(one).toMatch(/^[0-9a-f-]{36}$/);
    }),
  );
  fc.assert(
    fc.property(fc.uniqueArray(id, { minLength: 1, maxLength: 16 }), (ids) => {
      expect(parseTracesSearch({ open: ids.join() })).toEqual({ open: ids.join() });
    }),
  );
  expect(parseTracesSearch({ open: 7 })).toEqual({});
});
