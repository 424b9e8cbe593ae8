/** Replicas fail independently, at exponential times, and come back empty. */
export interface FailureSettings {
  /** Mean time between failures of one replica, seconds. */
  mtbfS: number;
  /** From a failure until the replica takes requests again, seconds. */
  recoveryS: number;
}

/** How many of the fleet's replicas run; the others are off and cost nothing. */
export interface AutoscalerSettings {
  minReplicas: number;
  /** At most the replicas that the fleet lists. */
  maxReplicas: number;
  /** Requests in a replica at which the fleet is of the right size. */
  targetOutstanding: number;
  /** Time between decisions, seconds. */
  intervalS: number;
  /** From the decision until a new replica takes requests, seconds. */
  startupS: number;
  /** A replica is taken out only after the fleet has been too large for this long, seconds. */
  scaleDownAfterS: number;
}

/** Prompts on some replicas, replies on others; the first token comes from the first. */
export interface DisaggregationSettings {
  /** Replicas from the start of the list that prefill; the rest decode. */
  prefillReplicas: number;
  /** Bytes of keys and values of one token, over all layers. */
  kvBytesPerToken: number;
  /** Bytes per second of one transfer, and seconds before its first byte. */
  bytesPerS: number;
  latencyS: number;
}

export interface FleetSettings {
  failures?: FailureSettings | null;
  autoscaler?: AutoscalerSettings | null;
  disaggregation?: DisaggregationSettings | null;
  /** Requests in the fleet beyond which new ones are refused. Default unbounded. */
  maxOutstanding?: number;
}
