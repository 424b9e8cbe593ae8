import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { htmlReport } from './html-report.ts';
import { svgPlot } from './svg-plot.ts';

const frame = { title: 'tail', xLabel: 'requests/s', yLabel: 'ms' };
const rising = {
  name: 'p99',
  form: 'line' as const,
  points: [
    { x: 1, y: 10 },
    { x: 2, y: 1000 },
  ],
};

describe('plots', () => {
  it('draw every point, the limit, and higher values higher', () => {
    const svg = svgPlot([rising], { ...frame, logY: true, limit: { name: 'target', y: 500 } });
    const heights = [...svg.matchAll(/<circle cx="[\d.]+" cy="([\d.]+)"/g)].map(([, y]) =>
      Number(y),
    );
    const limitY = Number(/y1="([\d.]+)" y2="[\d.]+" stroke="#b3261e"/.exec(svg)?.[1]);
    expect(heights).toHaveLength(2);
    expect(heights[1]).toBeLessThan(limitY);
    expect(heights[0]).toBeGreaterThan(limitY);
  });

  it('go up in steps where they are told to', () => {
    const svg = svgPlot([{ ...rising, form: 'step' }], frame);
    expect(svg).toMatch(/<path d="M[\d.]+ [\d.]+H[\d.]+V[\d.]+"/);
  });

  it('stay in their frame and finite whatever the values', () => {
    const value = fc.double({ min: 0, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.record({ x: value, y: value })), fc.boolean(), (points, logY) => {
        const svg = svgPlot([{ name: 's', form: 'points', points }], { ...frame, logY });
        expect(svg).not.toMatch(/NaN|Infinity/);
        for (const [, x, y] of svg.matchAll(/<circle cx="([-\d.]+)" cy="([-\d.]+)"/g)) {
          expect(Number(x)).toBeLessThanOrEqual(720);
          expect(Number(y)).toBeGreaterThanOrEqual(0);
          expect(Number(y)).toBeLessThanOrEqual(320);
        }
      }),
    );
  });
});

describe('reports', () => {
  it('let no text of a plan become markup', () => {
    const bad = '<script>alert(1)</script>"';
    const plot = svgPlot([{ ...rising, name: bad }], { ...frame, title: bad });
    const html = htmlReport(bad, [{ heading: bad, plots: [plot], text: bad }]);
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;');
  });
});
