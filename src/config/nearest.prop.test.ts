import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './nearest.ts';

const word = fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', 'c', '-') });

describe('editDistance', () => {
  it('counts edits of known pairs', () => {
    const pairs: Array<[string, string, number]> = [
      ['', '', 0],
      ['', 'abc', 3],
      ['kitten', 'sitting', 3],
      ['prot', 'port', 1],
      ['wieght', 'weight', 1],
      ['ca', 'abc', 3],
    ];
    for (const [a, b, edits] of pairs) expect(editDistance(a, b), `${a} ${b}`).toBe(edits);
  });

  it('is symmetric, zero only for equals, and never more than the longer word', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });
});

describe('nearest', () => {
  it('finds what was meant and keeps quiet otherwise', () => {
    const known = ['maxInFlight', 'maxQueue', 'queueTimeoutMs', 'owner'];
    expect(nearest('max_in_flight', known)).toBe('maxInFlight');
    expect(nearest('maxqueue', known)).toBe('maxQueue');
    expect(nearest('ownr', known)).toBe('owner');
    expect(nearest('zzz', known)).toBeNull();
    expect(nearest('', known)).toBeNull();
    expect(nearest('x', [])).toBeNull();
  });

  it('always finds a name with one edit in four or more letters', () => {
    const letters = fc.string({
      minLength: 4,
      maxLength: 20,
      unit: fc.constantFrom('a', 'b', 'c'),
    });
    fc.assert(
      fc.property(letters, fc.nat(19), (name, at) => {
        const from = at % name.length;
        const typo = `${name.slice(0, from)}x${name.slice(from + 1)}`;
        expect(nearest(typo, [name])).toBe(name);
      }),
    );
  });
});
