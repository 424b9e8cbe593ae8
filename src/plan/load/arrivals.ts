import type { TraceRow } from '../../records/traces/trace-row.ts';
import type { Random } from '../core/random.ts';

/** How the arrivals of a synthetic load are spread in time. */
export type Shape =
  /** Independent arrivals: exponential gaps, coefficient of variation 1. */
  | { kind: 'poisson' }
  /** Gamma gaps with the given coefficient of variation: below 1 smoother than Poisson, above 1 clumped. */
  | { kind: 'gamma'; variation: number }
  /** Groups of `size` requests that come at once; the groups are Poisson. */
  | { kind: 'burst'; size: number };

/** Token counts, drawn evenly from a range; equal ends mean always the same. */
export interface TokenRange {
  min: number;
  max: number;
}

export interface ArrivalOptions {
  ratePerS: number;
  durationMs: number;
  shape: Shape;
  inputTokens: TokenRange;
  outputTokens: TokenRange;
  random: Random;
}

/** Requests of a synthetic load in order of time, over the duration. Same seed, same rows. */
export function* syntheticArrivals(options: ArrivalOptions): Generator<TraceRow, void, undefined> {
  const { shape, random } = options;
  const gapMs = gapSource(options);
  const groupSize = shape.kind === 'burst' ? shape.size : 1;
  for (let atMs = gapMs(); atMs < options.durationMs; atMs += gapMs()) {
    for (let i = 0; i < groupSize; i += 1) {
      yield {
        atMs,
        inputTokens: draw(options.inputTokens, random),
        outputTokens: draw(options.outputTokens, random),
        blockIds: null,
      };
    }
  }
}

function draw(range: TokenRange, random: Random): number {
  return range.min + Math.floor(random.uniform() * (range.max - range.min + 1));
}

/** Milliseconds from one arrival (or group) to the next. */
export function gapSource({
  shape,
  ratePerS,
  random,
}: Pick<ArrivalOptions, 'shape' | 'ratePerS' | 'random'>): () => number {
  const meanMs = 1000 / ratePerS;
  switch (shape.kind) {
    case 'poisson':
      return () => random.exponential(meanMs);
    case 'burst':
      return () => random.exponential(meanMs * shape.size);
    case 'gamma': {
      // A gamma distribution of shape k has coefficient of variation 1 / sqrt(k).
      const k = 1 / (shape.variation * shape.variation);
      return () => (gamma(k, random) / k) * meanMs;
    }
  }
}

/**
 * A gamma variate of shape k and scale 1: Marsaglia and Tsang, "A simple method for generating
 * gamma variables", ACM TOMS 26(3), 2000; for k < 1 by their boost, gamma(k + 1) x u^(1/k).
 */
function gamma(k: number, random: Random): number {
  if (k < 1) return gamma(k + 1, random) * (1 - random.uniform()) ** (1 / k);
  const d = k - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  // Accepts at least 95 % of draws; the bound is out of reach and only says that the loop ends.
  for (let tries = 0; tries < 1000; tries += 1) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    const u = 1 - random.uniform();
    if (v > 0 && Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
  return k;
}
