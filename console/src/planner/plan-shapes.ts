/**
 * What the planner's results have that this page shows: the JSON of `tailrace plan serve` and `plan double`
 * (docs/cli.md). The API hands them on as they are, so they are named here. Units are in the names; null is unknown.
 */
export interface PredictedLatency {
  value: number | null;
  lowest: number | null;
  highest: number | null;
}

type Percentiles = Record<'p50' | 'p95' | 'p99', PredictedLatency>;

export interface ServePrediction {
  ratePerS: number;
  evaluation: {
    usdPerHour: number;
    priceSource: string;
    accelerators: number;
    utilization: Record<'compute' | 'memory' | 'network' | 'host' | 'idle', number>;
    whPerRequest: number | null;
    violations: Array<{ field: string }>;
    tightest: { field: string; value: number; limit: number } | null;
    fleetKw: number | null;
    provenance: string[];
  };
  modelErrorShare: number;
  latency: Record<'ttftMs' | 'tpotMs' | 'e2eMs', Percentiles>;
  units: { perRequestUsd: number; per1000RequestsUsd: number } | null;
  saturationPerS: number | null;
  /** Typical times by a fit to published runs of real engines, with 90 % intervals. */
  fitted: { ttft: FittedMs; tpot: FittedMs; concurrency: number } | null;
  notes: string[];
}

interface FittedMs {
  ms: number;
  lowMs: number;
  highMs: number;
}

export interface DoublingCurve {
  points: Array<{
    ratePerS: number;
    usdPerHour: number | null;
    averageUsdPer1000: number | null;
    best: { accelerators: number } | null;
    bindsField: string | null;
  }>;
  doublings: Array<{
    fromPerS: number;
    toPerS: number;
    extraUsdPerHour: number | null;
    marginalUsdPer1000: number | null;
  }>;
}
