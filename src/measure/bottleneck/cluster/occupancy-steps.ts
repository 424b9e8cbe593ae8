import type { Window } from '../../ledger/ledger.ts';
import { CARD_STATES, type CardState } from './cluster-look.ts';
import type { ClusterSpell } from './cluster-spell.ts';

/** What the cards of a cluster did in one step of time. */
export interface OccupancyStep {
  fromMs: number;
  toMs: number;
  /** Time of the step in which the cluster's state is known. */
  knownMs: number;
  /** Mean cards by state over the known time; states without cards are left out. */
  cards: Partial<Record<CardState, number>>;
}

/** Cuts the spells of one cluster into `steps` equal steps. Linear in spells times the steps each spans. */
export function occupancySteps(
  spells: readonly ClusterSpell[],
  window: Window,
  steps: number,
): OccupancyStep[] {
  const stepMs = (window.toMs - window.fromMs) / steps;
  const known = zeros(steps);
  const sums = new Map<CardState, number[]>();
  for (const { state, cards, fromMs, toMs } of spells) {
    const first = Math.max(0, Math.floor((fromMs - window.fromMs) / stepMs));
    const last = Math.min(steps - 1, Math.ceil((toMs - window.fromMs) / stepMs) - 1);
    for (let i = first; i <= last; i += 1) {
      const beginMs = window.fromMs + i * stepMs;
      const ms = Math.min(toMs, beginMs + stepMs) - Math.max(fromMs, beginMs);
      if (ms <= 0) continue;
      if (state === 'looked') known[i] = (known[i] ?? 0) + ms;
      else {
        const row = sums.get(state) ?? zeros(steps);
        row[i] = (row[i] ?? 0) + ms * cards;
        sums.set(state, row);
      }
    }
  }
  return known.map((knownMs, i) => {
    const fromMs = window.fromMs + i * stepMs;
    const cards: OccupancyStep['cards'] = {};
    for (const state of CARD_STATES) {
      const sum = sums.get(state)?.[i] ?? 0;
      if (sum > 0 && knownMs > 0) cards[state] = sum / knownMs;
    }
    return { fromMs, toMs: fromMs + stepMs, knownMs, cards };
  });
}

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);
