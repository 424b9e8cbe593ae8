import fc from 'fast-check';
import { expect, test } from 'vitest';
import { family, histogramFamily, renderFamilies } from './prometheus-text.ts';

const LINE = /^([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)$/;

/** Undoes the escapes of a label value (exposition format 0.0.4). */
const unescape = (text: string): string =>
  text.replaceAll(/\\(["\\n])/g, (_, c: string) => (c === 'n' ? '\n' : c));

test('any label value gives one well-formed line and reads back', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.double({ noNaN: true }),
      (value, n) => {
        const clean = value.replaceAll('\r', '');
        const text = renderFamilies([
          family('t_total', 'counter', 'Help\nof \\ it.', [{ labels: { a: clean }, value: n }]),
        ]);
        const lines = text.split('\n');
        expect(lines.slice(0, 2)).toEqual([
          '# HELP t_total Help\\nof \\\\ it.',
          '# TYPE t_total counter',
        ]);
        const match = LINE.exec(lines[2] ?? '');
        expect(unescape(/^a="(.*)"$/s.exec(match?.[2] ?? '')?.[1] ?? 'none')).toBe(clean);
        expect(Number(match?.[3]?.replace('Inf', 'Infinity'))).toBe(n === 0 ? 0 : n);
        expect(lines.slice(3)).toEqual(['']);
      },
    ),
  );
});

test('histogram buckets are cumulative and end in the count', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 }), (counts) => {
      const text = renderFamilies([
        histogramFamily('h', 'H.', [0.1, 1, 10], [{ labels: { s: 'x' }, counts, sum: 1.5 }]),
      ]);
      const buckets = [...text.matchAll(/^h_bucket\{s="x",le="[^"]+"\} (\d+)$/gm)].map((m) =>
        Number(m[1]),
      );
      expect(buckets).toEqual(counts.map((_, i) => counts.slice(0, i + 1).reduce((a, b) => a + b)));
      expect(text).toContain(`h_count{s="x"} ${buckets.at(-1)}\n`);
    }),
  );
});

test('an unknown value has no line, and an empty family no header', () => {
  const text = renderFamilies([family('t', 'gauge', 'T.', [{ value: null }])]);
  expect(text).toBe('');
});
