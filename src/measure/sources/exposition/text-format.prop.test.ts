import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Sample } from './exposition.ts';
import { parseTextFormat } from './text-format.ts';

const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,20}$/);
const labelName = fc
  .stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,10}$/)
  .filter((one) => one !== '__name__');
const labelValue = fc.string({ unit: 'binary', maxLength: 20 });
const sample: fc.Arbitrary<Sample> = fc.record({
  name,
  labels: fc
    .dictionary(labelName, labelValue, { maxKeys: 5 })
    .map((d) => new Map(Object.entries(d))),
  value: fc.double(),
  timestampMs: fc.option(fc.integer()),
});
const exposition = fc.uniqueArray(sample, { selector: (s) => s.name, maxLength: 20 });

const escape = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function write(one: Sample): string {
  const pairs = [...one.labels].map(([key, value]) => `${key}="${escape(value)}"`);
  const value = one.value === Infinity ? '+Inf' : one.value === -Infinity ? '-Inf' : `${one.value}`;
  const labels = pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
  return `${one.name}${labels} ${value}${one.timestampMs === null ? '' : ` ${one.timestampMs}`}\n`;
}

it('reads back whatever is written', () => {
  fc.assert(
    fc.property(exposition, (all) => {
      const parsed = parseTextFormat(all.map(write).join(''));
      // -0 is written as 0.
      const expected = all.map((one) => ({ ...one, value: one.value === 0 ? 0 : one.value }));
      expect(parsed.ok && parsed.value.samples).toEqual(expected);
    }),
  );
});

it('refuses every cut that is not at the end of a line', () => {
  fc.assert(
    fc.property(exposition, fc.nat(), (all, where) => {
      const text = all.map(write).join('');
      const cut = text.slice(0, where % (text.length + 1));
      expect(parseTextFormat(cut).ok).toBe(cut === '' || cut.endsWith('\n'));
    }),
  );
});

it('never throws, whatever comes', () => {
  const noise = fc.string({
    unit: fc.constantFrom(...'a_:{}="\\n,# \t\n1.e+-NIf\u0000é'.split('')),
  });
  fc.assert(
    fc.property(fc.oneof(noise, fc.string({ unit: 'binary' })), (text) => {
      const parsed = parseTextFormat(text);
      if (!parsed.ok) expect(parsed.error.message).toMatch(/^metrics text, line \d+: /);
    }),
    { numRuns: 2000 },
  );
});
