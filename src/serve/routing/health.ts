/**
 * Passive health of one engine, from the outcomes of real requests. After `failuresToEject`
 * failures in a row it is ejected; each ejection in a row lasts one base period longer. On return its
 * share of traffic ramps up linearly, so that a cold engine is not flooded (Envoy's outlier
 * detection has the same defaults: 5 failures, 30 s steps there, 10 s here since engines restart sooner).
 */
export interface EngineHealth {
  consecutiveFailures: number;
  ejections: number;
  /** Monotonic ms; -Infinity when never ejected. */
  ejectedUntilMs: number;
}

export const healthRules = {
  failuresToEject: 5,
  baseEjectionMs: 10_000,
  maxEjectionMs: 300_000,
  rampMs: 30_000,
  rampFloor: 0.1,
} as const;

export const newHealth = (): EngineHealth => ({
  consecutiveFailures: 0,
  ejections: 0,
  ejectedUntilMs: Number.NEGATIVE_INFINITY,
});

/** Share of its normal traffic an engine may have now: 0 ejected, rampFloor..1 returning, 1 healthy. */
export function healthShare(health: EngineHealth, nowMs: number): number {
  if (health.ejections === 0) return 1;
  const sinceReturnMs = nowMs - health.ejectedUntilMs;
  if (sinceReturnMs < 0) return 0;
  return Math.min(1, Math.max(healthRules.rampFloor, sinceReturnMs / healthRules.rampMs));
}

/** Mutates `health` by one finished attempt. */
export function noteAttempt(health: EngineHealth, succeeded: boolean, nowMs: number): void {
  if (succeeded) {
    health.consecutiveFailures = 0;
    if (health.ejections > 0 && nowMs - health.ejectedUntilMs >= healthRules.rampMs) {
      health.ejections = 0;
    }
    return;
  }
  health.consecutiveFailures += 1;
  // A returning engine has one chance: its first failure ejects it again.
  const returning = health.ejections > 0 && nowMs >= health.ejectedUntilMs;
  if (health.consecutiveFailures < healthRules.failuresToEject && !returning) return;
  if (nowMs < health.ejectedUntilMs) return;
  health.ejections += 1;
  health.consecutiveFailures = 0;
  health.ejectedUntilMs =
    nowMs + Math.min(healthRules.maxEjectionMs, healthRules.baseEjectionMs * health.ejections);
}
