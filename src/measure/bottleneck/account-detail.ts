import type { TimeAccount } from './why-report.ts';

/** Figures beside an account that the rules speak of; absent is not known. */
export interface AccountDetail {
  /** What the loader gave, and what the accelerators could have taken, per second of the job. */
  feed?: {
    unit: 'tokens' | 'samples' | 'steps';
    actualPerS: number;
    couldTakePerS: number;
    stepS: number;
    stallS: number;
    loadVariation: number;
  };
  /** The rank that reached the exchange last most often, and in what share of steps. */
  lastRank?: { rank: number; share: number };
  /** Exposed communication of a step, seconds, and what it takes at best. */
  exchange?: { stepS: number; bestS: number };
  throttle?: { clockShare: number | null; powerW: number | null; powerLimitW: number | null };
  /** Requests at once while busy, per replica, and the most that memory and targets allow. */
  batch?: { mean: number; could: number; limitedBy: 'memory' | 'target' };
  pipeline?: { stages: number; microbatches: number; interleave: number };
  /** Pods, queues or quotas by name, as a cluster check found them. */
  named?: string[];
  /** Checkpoint time per step and steps between two, where the log shows them. */
  checkpoint?: { everySteps: number; eachS: number };
}

export interface Accounted {
  account: TimeAccount;
  detail: AccountDetail;
}
