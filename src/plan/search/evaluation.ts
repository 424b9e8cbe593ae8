import type { TimeProvenance } from '../time/step-time.ts';
import type { LatencyStats, TimeShares } from '../serving/serving-result.ts';
import type { Candidate } from './candidate.ts';

/** A hard constraint that a candidate breaks; `over` is how far, value / limit. */
export interface Violation {
  field: string;
  value: number;
  limit: number;
  over: number;
}

/** What a candidate does with the workload, simulated. Units are in the names; null is unknown. */
export interface Evaluation {
  candidate: Candidate;
  /** Requests that were simulated. */
  requests: number;
  accelerators: number;
  usdPerHour: number;
  priceSource: string;
  ttftMs: LatencyStats;
  tpotMs: LatencyStats;
  e2eMs: LatencyStats;
  utilization: TimeShares;
  meanRunning: number;
  kvShareMean: number;
  preemptions: number;
  /** Share of the prompt tokens that the prefix cache gave. */
  prefixHitShare: number;
  /** IT power at the peak, kW: of one replica and of the fleet, hosts included. */
  replicaKw: number | null;
  fleetKw: number | null;
  /** Mean facility power over the run, kW. */
  meanFacilityKw: number | null;
  /** Facility energy per request, watt-hours. */
  whPerRequest: number | null;
  carbonKgPerHour: number | null;
  provenance: TimeProvenance[];
  /** 90 % interval of step times, as multiples of those that were taken. */
  stepFactors: { low: number; high: number };
  /** Empty: every hard constraint is met. */
  violations: Violation[];
  /** The constraint with the least room, met or not; null without constraints. */
  tightest: Violation | null;
}

export const isFeasible = (evaluation: Evaluation): boolean => evaluation.violations.length === 0;
