import type { Confidence } from '../time-book.ts';

/** What a card of a cluster does at one moment: work, or nothing for a cause of the account. */
export const CARD_STATES = [
  'working',
  'no-demand',
  'quota',
  'fragmentation',
  'queue-policy',
  'maintenance',
  'failed',
  'starting',
  'loading',
  'left-on',
  'unexplained',
] as const;
export type CardState = (typeof CARD_STATES)[number];

/** Cards of one node that do the same for the same reason. */
export interface LookPart {
  /** `namespace/pod` or job where somebody holds the cards, else `node NAME`. */
  subject: string;
  node: string;
  state: CardState;
  cards: number;
  why: string;
  confidence: Confidence;
}

/** A cluster at one moment: every card is in exactly one part, so the parts sum to `cards`. */
export interface ClusterLook {
  atMs: number;
  cards: number;
  parts: LookPart[];
}
