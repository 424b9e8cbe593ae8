import type { Clock } from '../records/clock.ts';

/** Allows `perMinute` calls a minute for each key, all of them at once if none came before (a token bucket). */
export interface RateLimit {
  /** Null when it may go on; else the milliseconds until it may. */
  take(key: string): number | null;
}

const MINUTE_MS = 60_000;
/** Keys that are remembered; the one unused for longest makes way, which only gives it a full bucket again. */
const MAX_KEYS = 10_000;

export function createRateLimit(perMinute: number, clock: Clock): RateLimit {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  const msPerToken = MINUTE_MS / perMinute;
  return {
    take(key) {
      const nowMs = clock.monoMs();
      const bucket = buckets.get(key) ?? { tokens: perMinute, atMs: nowMs };
      const tokens = Math.min(perMinute, bucket.tokens + (nowMs - bucket.atMs) / msPerToken);
      buckets.delete(key);
      buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs });
      const oldest = buckets.keys().next();
      if (buckets.size > MAX_KEYS && oldest.done !== true) buckets.delete(oldest.value);
      return tokens >= 1 ? null : (1 - tokens) * msPerToken;
    },
  };
}
