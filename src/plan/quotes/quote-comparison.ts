import type { VendorQuote } from '../../records/vendor-quote.ts';
import type { Evaluation } from '../search/evaluation.ts';

/** A quote with the vendor it came from. */
export interface VendorOffer {
  vendor: string;
  quote: VendorQuote;
}

/** Days as `2027-01-31`: at best and at worst. */
export interface DayRange {
  earliest: string;
  latest: string;
}

/** What of our power a quote needs, and whether it is there. Powers in kW; null is not known. */
export interface PowerFit {
  /** Null: some limit or figure is not known, so nothing can be said. */
  fits: boolean | null;
  /** IT power of the whole quote at its peak, and where the figure comes from. */
  needsKw: number | null;
  source: string;
  /** The limit with the least room: its name, what it carries, and what would be on it. */
  limit: string | null;
  limitKw: number | null;
  loadKw: number | null;
  /** By how much it is passed; 0 when it fits. */
  overKw: number;
  /** What must be ordered to lift it, and when it is there; null when it fits. */
  order: { what: string; lowWeeks: number; highWeeks: number; source: string } | null;
}

/** One quote under the plan's traffic and targets. US dollars. */
export interface OfferResult {
  vendor: string;
  name: string;
  accelerator: string;
  accelerators: number;
  /** The least of the quoted accelerators that carries the traffic within the targets; null: all of them do not. */
  fleet: Evaluation | null;
  /** Why not, in words; null when it does. */
  problem: string | null;
  /** All quoted accelerators, busy or not, with power where it is ours to pay. */
  usdPerHour: number;
  priceSource: string;
  /** Over all tokens of the traffic, for all that is quoted and for what is needed; null when it does not carry it. */
  usdPerMillionTokens: number | null;
  neededUsdPerMillionTokens: number | null;
  power: PowerFit;
  /** When the machines come, when they can be powered, and when they can serve. */
  delivered: DayRange;
  powered: DayRange | null;
  ready: DayRange | null;
  /** Weeks after the earliest of the offers that carries the traffic, at worst against at worst; null: never or unknown. */
  laterWeeks: number | null;
  /** Paid for machines that stand without power, at worst. */
  idleUsd: number | null;
  /** Paid elsewhere from the day it is needed until it is ready, at worst; null when no price is at hand. */
  bridgeUsd: number | null;
  /** The first year from the day it is needed: its own cost while it runs, idle and bridge. */
  firstYearUsd: number | null;
  /** The offer can no longer be taken. */
  isExpired: boolean;
}

export interface QuoteComparison {
  today: string;
  neededBy: string;
  ratePerS: number;
  tokensPerRequest: number;
  /** What bridges the time until an offer is ready, per hour, and where the price comes from. */
  bridge: { usdPerHour: number; source: string } | null;
  offers: OfferResult[];
  /** Index of the best offer that carries the traffic, has power and is not expired: least cost of the first year; null: none. */
  best: number | null;
  /** What sets the offers apart, in sentences. */
  findings: string[];
}
