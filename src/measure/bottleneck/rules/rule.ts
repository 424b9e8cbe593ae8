import type { AccountDetail } from '../account-detail.ts';
import type { Cause } from '../causes.ts';
import type { TimeAccount, TimeLeaf } from '../why-report.ts';

/** What the planner computes for the rules; handed in, since it lives in another room. */
export interface GainPlanner {
  /** Seconds that a step waits for its batch: src/plan/training/data-loading.ts. */
  dataStallS(pipeline: {
    stepS: number;
    loadS: number;
    variation: number;
    prefetchBatches: number;
    seed: number;
  }): number;
}

/** One leaf of one account, with all that a rule may speak of. */
export interface RuleFacts {
  account: TimeAccount;
  leaf: TimeLeaf;
  detail: AccountDetail;
  planner: GainPlanner | null;
  /** "40 % of accelerator spend ($12.30/day)". */
  lost: string;
  /** A window's money as money a day. */
  perDay: (usd: number | null) => number | null;
}

/** What a rule says of a leaf. `gainShare`: of the time paid for the subject; null where no arithmetic tells. */
export interface Advice {
  explanation: string;
  fix: string;
  gainShare: number | null;
  gainBy: 'planner' | 'amdahl' | 'none';
}

/**
 * One loss: when it holds, what it means, what to do, what that brings. `from` is the share of the subject's time below
 * which the rule stays silent.
 */
export interface Rule {
  id: string;
  cause: Cause;
  from: number;
  advise(facts: RuleFacts): Advice;
}

/** All of a loss can be had back: the most that Amdahl's law (AFIPS 1967) allows for removing that part of the time. */
export const amdahl = (gainShare: number): Pick<Advice, 'gainShare' | 'gainBy'> => ({
  gainShare,
  gainBy: 'amdahl',
});

export const noGain: Pick<Advice, 'gainShare' | 'gainBy'> = { gainShare: null, gainBy: 'none' };
