import type { ReplyOf } from '../api/get.ts';

export type Clusters = ReplyOf<'clusters'>;
export type Cluster = Clusters['clusters'][number];
export type CardState = Cluster['parts'][number]['state'];

/** What cards can do, work first, then causes in the order of the account; with words and a colour. */
export const CARD_STATES: Record<CardState, { label: string; colour: string }> = {
  working: { label: 'Working', colour: 'var(--c-green)' },
  'left-on': { label: 'Left on', colour: 'var(--c-amber)' },
  loading: { label: 'Loading image or weights', colour: 'var(--c-sky)' },
  starting: { label: 'Starting', colour: 'var(--c-teal)' },
  failed: { label: 'Failing', colour: 'var(--c-red)' },
  quota: { label: 'Free: held back by quota', colour: 'var(--c-violet)' },
  fragmentation: { label: 'Free in pieces of no use', colour: 'var(--c-blue)' },
  'queue-policy': { label: 'Free: the queue holds it back', colour: 'var(--c-violet)' },
  maintenance: { label: 'Out for maintenance', colour: 'var(--c-slate)' },
  'no-demand': { label: 'Free: no demand', colour: 'var(--c-empty)' },
  unexplained: { label: 'Not known', colour: 'var(--c-empty)' },
};
export const STATE_ORDER = Object.keys(CARD_STATES) as CardState[];

/** One step of the strip: heights of its states from the bottom, as shares of the cards; null: not known. */
export interface StripColumn {
  fromMs: number;
  parts: Array<{ state: CardState; fromShare: number; toShare: number }> | null;
}

/** Columns of the occupancy strip. Shares of a known step sum to 1. */
export function stripColumns(steps: Cluster['steps']): StripColumn[] {
  return steps.map(({ fromMs, knownMs, cards }) => {
    const whole = STATE_ORDER.reduce((sum, state) => sum + (cards[state] ?? 0), 0);
    if (knownMs === 0 || whole === 0) return { fromMs, parts: null };
    let at = 0;
    const parts = STATE_ORDER.flatMap((state) => {
      const share = (cards[state] ?? 0) / whole;
      if (share === 0) return [];
      const fromShare = at;
      at += share;
      return [{ state, fromShare, toShare: at }];
    });
    return { fromMs, parts };
  });
}

/** Cards by state now, in the order of the states. */
export function stateCards(parts: Cluster['parts']): Array<{ state: CardState; cards: number }> {
  const sums = new Map<CardState, number>();
  for (const { state, cards } of parts) sums.set(state, (sums.get(state) ?? 0) + cards);
  return STATE_ORDER.flatMap((state) => {
    const cards = sums.get(state);
    return cards === undefined ? [] : [{ state, cards }];
  });
}
