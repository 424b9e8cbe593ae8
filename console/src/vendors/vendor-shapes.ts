import type { ReplyOf } from '../api/get.ts';
import type { Tone } from '../ui/badge.tsx';

export type Comparison = ReplyOf<'vendors/comparison'>;
export type Vendor = Comparison['vendors'][number];
export type Row = Comparison['rows'][number];
export type VendorCell = Row['cells'][number];

/** What stands behind an answer. */
export const VENDOR_GRADES: Record<VendorCell['grade'], { label: string; tone: Tone }> = {
  0: { label: '0', tone: 'bad' },
  1: { label: '1 claim', tone: 'warn' },
  2: { label: '2 document', tone: 'accent' },
  3: { label: '3 tested', tone: 'good' },
};

export const REASONS: Record<VendorCell['reason'], string> = {
  none: 'no answer',
  contradicted: 'contradicted by what we saw',
  claim: 'their word',
  'document-expired': 'a document that is out of date',
  document: 'a document in date',
  probe: 'our probe confirms it',
  test: 'our test confirms it',
};

/** `serving=3,security=0` to weights by name, and back. */
export function parseWeights(text: string | undefined): Record<string, number> {
  const pairs = (text ?? '').split(',').map((one) => one.split('='));
  return Object.fromEntries(
    pairs.flatMap(([name = '', weight = '']) =>
      name !== '' && /^\d$/.test(weight) ? [[name, Number(weight)]] : [],
    ),
  );
}

export const formatWeights = (weights: Readonly<Record<string, number>>): string =>
  Object.entries(weights)
    .map(([name, weight]) => `${name}=${weight}`)
    .join(',');
