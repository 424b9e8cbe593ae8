import type { Palette } from './lane-raster.ts';
import type { Category } from './trace-types.ts';

interface Look {
  label: string;
  /** A colour of the theme. */
  colour: string;
}

/** How each category is called and drawn; the first three keep the accelerator busy. */
export const LOOKS: Readonly<Record<Category, Look>> = {
  compute: { label: 'Computation', colour: '--c-blue' },
  communication: { label: 'Communication', colour: '--c-amber' },
  copies: { label: 'Copies and fills', colour: '--c-violet' },
  dataLoading: { label: 'Data loading', colour: '--c-red' },
  runtimeCalls: { label: 'Runtime calls', colour: '--c-teal' },
  hostOperators: { label: 'Host operators', colour: '--c-sky' },
  annotations: { label: 'Annotations', colour: '--c-slate' },
  steps: { label: 'Steps', colour: '--c-green' },
  deviceAnnotations: { label: 'Ranges on the device', colour: '--c-slate' },
  sync: { label: 'Waiting for the device', colour: '--c-empty' },
  other: { label: 'Other', colour: '--c-empty' },
};

export const colourOf = (category: Category | undefined): string =>
  `var(${LOOKS[category ?? 'other'].colour})`;

/** `#rrggbb`, or `#rgb` as the built styles shorten it, as a pixel of an ImageData. */
export function pixelOf(hex: string): number {
  const digits = hex.replace('#', '');
  const value = Number.parseInt(digits.length === 3 ? digits.replaceAll(/./g, '$&$&') : digits, 16);
  const [red, green, blue] = [(value >> 16) & 255, (value >> 8) & 255, value & 255];
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** Colours and texts of the theme as the page has them now. */
export interface PlotColours {
  palette: Palette;
  ink: string;
  ink3: string;
  line: string;
  panel: string;
  accent: string;
  /** Text on an event. */
  onEvent: string;
}

export function readColours(element: Element, categories: readonly Category[]): PlotColours {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    palette: {
      page: pixelOf(read('--panel')),
      lane: pixelOf(read('--sunken')),
      categories: categories.map((one) => pixelOf(read(LOOKS[one].colour))),
    },
    ink: read('--ink'),
    ink3: read('--ink-3'),
    line: read('--line-strong'),
    panel: read('--panel'),
    accent: read('--accent'),
    onEvent: '#0b0e12',
  };
}
