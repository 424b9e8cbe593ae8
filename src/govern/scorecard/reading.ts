import type { readings } from './score-view.ts';

/** Below this, of 16, the score flags AI spending risk. */
export const RISK_BELOW = 10;
const SCALE_FROM = 14;

/** What a proven total means for money. */
export function readingOf(proven: number): { reading: (typeof readings)[number]; text: string } {
  if (proven >= SCALE_FROM) {
    return { reading: 'scale', text: 'Scale: what is spent is understood and proven.' };
  }
  if (proven >= RISK_BELOW) {
    const text = 'Fund with conditions: tie new money to the gaps that are left.';
    return { reading: 'fund-with-conditions', text };
  }
  const text = 'AI spending risk: hold new commitments until two gaps are closed.';
  return { reading: 'spending-risk', text };
}
