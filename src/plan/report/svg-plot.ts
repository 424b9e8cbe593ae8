/** One series: a line through its points, a step after each point, or points alone. */
export interface SvgSeries {
  name: string;
  form: 'line' | 'step' | 'points';
  points: ReadonlyArray<{ x: number; y: number }>;
}

export interface SvgFrame {
  title: string;
  xLabel: string;
  yLabel: string;
  /** A level that is not to be passed, drawn across. */
  limit?: { name: string; y: number };
  /** Values that span decades are drawn on a logarithmic scale. */
  logY?: boolean;
}

const WIDTH = 720;
const HEIGHT = 320;
const LEFT = 70;
const RIGHT = 16;
const TOP = 34;
const BOTTOM = 44;
const COLOURS = ['#2f74d0', '#dd9a1c', '#d1493f', '#1d9a8f', '#8a63d2'];
const TICKS = 5;

/** A plot as one SVG element, without scripts or fonts of its own. Pure; same data, same bytes. */
export function svgPlot(series: readonly SvgSeries[], frame: SvgFrame): string {
  const all = series.flatMap(({ points }) => points);
  const ys = [...all.map(({ y }) => y), ...(frame.limit === undefined ? [] : [frame.limit.y])];
  const maxX = Math.max(1e-12, ...all.map(({ x }) => x));
  const scaleY = frame.logY === true ? logScale(ys) : linearScale(ys);
  const px = (x: number): number => round(LEFT + (x / maxX) * (WIDTH - LEFT - RIGHT));
  const py = (y: number): number =>
    round(HEIGHT - BOTTOM - scaleY.share(y) * (HEIGHT - TOP - BOTTOM));
  const parts = [
    `<text x="${LEFT}" y="18" font-weight="600">${escapeXml(frame.title)}</text>`,
    ...scaleY.ticks.map((y) => tick(LEFT - 6, py(y) + 4, 'end', shortNumber(y), py(y))),
    ...Array.from({ length: TICKS + 1 }, (_, i) => (maxX * i) / TICKS).map(
      (x) =>
        `<text x="${px(x)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${shortNumber(x)}</text>`,
    ),
    `<text x="${(LEFT + WIDTH) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${escapeXml(frame.xLabel)}</text>`,
    `<text x="14" y="${HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 14 ${HEIGHT / 2})">${escapeXml(frame.yLabel)}</text>`,
    ...(frame.limit === undefined ? [] : limitLine(frame.limit, py(frame.limit.y))),
    ...series.flatMap((one, i) => drawSeries(one, COLOURS[i % COLOURS.length] ?? '', i, px, py)),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" ` +
    `aria-label="${escapeXml(frame.title)}" font-family="system-ui, sans-serif" font-size="12">` +
    `${parts.join('')}</svg>`
  );
}

const tick = (x: number, y: number, anchor: string, text: string, lineY: number): string =>
  `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${lineY}" y2="${lineY}" stroke="#dfe3e8"/>` +
  `<text x="${x}" y="${y}" text-anchor="${anchor}">${text}</text>`;

const limitLine = ({ name }: { name: string }, y: number): string[] => [
  `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}" stroke="#b3261e" stroke-dasharray="6 4"/>`,
  `<text x="${WIDTH - RIGHT}" y="${y - 4}" text-anchor="end" fill="#b3261e">${escapeXml(name)}</text>`,
];

function drawSeries(
  { name, form, points }: SvgSeries,
  colour: string,
  index: number,
  px: (x: number) => number,
  py: (y: number) => number,
): string[] {
  const legend = `<text x="${WIDTH - RIGHT - 8}" y="${TOP + 14 * index + 8}" text-anchor="end" fill="${colour}">${escapeXml(name)}</text>`;
  const dots = points.map(
    ({ x, y }) => `<circle cx="${px(x)}" cy="${py(y)}" r="3" fill="${colour}"/>`,
  );
  if (form === 'points' || points.length === 0) return [legend, ...dots];
  const path = points.map(({ x, y }, i) => {
    if (i === 0) return `M${px(x)} ${py(y)}`;
    return form === 'step' ? `H${px(x)}V${py(y)}` : `L${px(x)} ${py(y)}`;
  });
  return [
    legend,
    `<path d="${path.join('')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...dots,
  ];
}

interface Scale {
  share(y: number): number;
  ticks: number[];
}

function linearScale(ys: readonly number[]): Scale {
  const most = Math.max(1e-12, ...ys) * 1.05;
  const ticks = Array.from({ length: TICKS + 1 }, (_, i) => (most * i) / TICKS);
  return { share: (y) => y / most, ticks };
}

/** Whole decades around the values; nothing below a millionth of the largest is told apart. */
function logScale(ys: readonly number[]): Scale {
  const most = Math.max(1e-12, ...ys);
  const least = Math.max(most / 1e6, Math.min(most, ...ys.filter((y) => y > 0)));
  const high = Math.ceil(Math.log10(most));
  const low = Math.min(high - 1, Math.floor(Math.log10(least)));
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  const share = (y: number): number =>
    Math.max(0, (Math.log10(Math.max(y, 10 ** low)) - low) / (high - low));
  return { share, ticks };
}

const round = (value: number): number => Math.round(value * 10) / 10;

const shortNumber = (value: number): string => String(Number(value.toPrecision(3)));

/** Text as it may stand in an element or an attribute of XML and HTML. */
export const escapeXml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
