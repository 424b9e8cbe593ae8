import { escapeHtml } from './escape-html.ts';
import type { CategoryView } from './score-view.ts';

const RADIUS = 100;
const LABEL_RADIUS = 116;
/** Half of the view box: room for labels at both sides. */
const HALF_WIDTH = 230;
const HALF_HEIGHT = 140;

/** A radar of the eight categories, 0 in the middle and 2 at the rim: proven filled, claimed dashed. */
export function radarSvg(categories: readonly CategoryView[]): string {
  const at = (i: number, radius: number): [number, number] => {
    const angle = (2 * Math.PI * i) / categories.length - Math.PI / 2;
    return [Math.cos(angle) * radius, Math.sin(angle) * radius];
  };
  const ring = (radiusOf: (one: CategoryView) => number): string =>
    categories
      .map((one, i) => at(i, radiusOf(one)).map((part) => part.toFixed(1)))
      .map((point) => point.join(','))
      .join(' ');
  const spokes = categories.map((_, i) => {
    const [x, y] = at(i, RADIUS);
    return `<line x1="0" y1="0" x2="${x.toFixed(1)}" y2="${y.toFixed(1)}" class="grid"/>`;
  });
  const labels = categories.map((one, i) => {
    const [x, y] = at(i, LABEL_RADIUS);
    const anchor = Math.abs(x) < 1 ? 'middle' : x > 0 ? 'start' : 'end';
    const text = escapeHtml(`${one.id} ${one.proven}`);
    return `<text x="${x.toFixed(1)}" y="${(y + 4).toFixed(1)}" text-anchor="${anchor}">${text}</text>`;
  });
  const box = `${-HALF_WIDTH} ${-HALF_HEIGHT} ${2 * HALF_WIDTH} ${2 * HALF_HEIGHT}`;
  return [
    `<svg viewBox="${box}" role="img" aria-label="Radar of the eight categories">`,
    `<polygon points="${ring(() => RADIUS)}" class="grid"/>`,
    `<polygon points="${ring(() => RADIUS / 2)}" class="grid"/>`,
    ...spokes,
    `<polygon points="${ring((one) => (one.claimed * RADIUS) / 2)}" class="claimed"/>`,
    `<polygon points="${ring((one) => (one.proven * RADIUS) / 2)}" class="proven"/>`,
    ...labels,
    '</svg>',
  ].join('');
}
