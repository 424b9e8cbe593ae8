import type { AutoscalerSettings } from './fleet-settings.ts';

/** What the autoscaler wants, from what it sees; pure but for its memory of how long the fleet was too large. */
export interface Autoscaler {
  /** Replicas that should run (starting ones count), given the requests in the fleet. */
  decide(nowS: number, outstanding: number, running: number): number;
}

/**
 * Target tracking, as the Kubernetes horizontal autoscaler does it (desired = ceil(running x metric / target),
 * its documentation), which for a sum over the fleet is ceil(outstanding / target); one replica less at a time, and
 * only after a while below.
 */
export function createAutoscaler(settings: AutoscalerSettings): Autoscaler {
  const { minReplicas, maxReplicas, targetOutstanding, scaleDownAfterS } = settings;
  let tooLargeSinceS: number | null = null;
  return {
    decide(nowS, outstanding, running) {
      const needed = Math.ceil(outstanding / targetOutstanding);
      const wanted = Math.min(maxReplicas, Math.max(minReplicas, needed));
      if (wanted >= running) {
        tooLargeSinceS = null;
        return wanted;
      }
      tooLargeSinceS ??= nowS;
      if (nowS - tooLargeSinceS < scaleDownAfterS) return running;
      tooLargeSinceS = nowS;
      return running - 1;
    },
  };
}
