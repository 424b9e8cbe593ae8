import type { Random } from '../core/random.ts';
import { gapSource, type Shape } from '../load/arrivals.ts';

/** How arrivals are spread in time, at a mean rate that all forms keep in the long run. */
export type ArrivalProcess =
  | Shape
  /**
   * Markov-modulated Poisson process of two states: bursts at `ratio` times the calm rate, for exponential
   * times with these means, seconds.
   */
  | { kind: 'mmpp'; ratio: number; burstS: number; calmS: number }
  /** Poisson whose rate swings by `swing` (0..1) around its mean as a sine, lowest at the start. */
  | { kind: 'diurnal'; swing: number; periodS: number };

/** Seconds of the arrivals, ascending, without end. Same random stream, same times. */
export function* arrivalTimes(
  process: ArrivalProcess,
  ratePerS: number,
  random: Random,
): Generator<number, never, undefined> {
  switch (process.kind) {
    case 'mmpp':
      return yield* modulated(process, ratePerS, random);
    case 'diurnal':
      return yield* diurnal(process, ratePerS, random);
    case 'poisson':
    case 'gamma':
    case 'burst': {
      const gapMs = gapSource({ shape: process, ratePerS, random });
      const group = process.kind === 'burst' ? process.size : 1;
      for (let atS = gapMs() / 1000; ; atS += gapMs() / 1000) {
        for (let i = 0; i < group; i += 1) yield atS;
      }
    }
  }
}

function* modulated(
  { ratio, burstS, calmS }: Extract<ArrivalProcess, { kind: 'mmpp' }>,
  ratePerS: number,
  random: Random,
): Generator<number, never, undefined> {
  const calmPerS = (ratePerS * (burstS + calmS)) / (ratio * burstS + calmS);
  let nowS = 0;
  for (let isBurst = false; ; isBurst = !isBurst) {
    const endS = nowS + random.exponential(isBurst ? burstS : calmS);
    const gapS = 1 / (isBurst ? ratio * calmPerS : calmPerS);
    // Exponential gaps have no memory, so what is left of one at the change may be dropped.
    for (let atS = nowS + random.exponential(gapS); atS < endS; atS += random.exponential(gapS)) {
      yield atS;
    }
    nowS = endS;
  }
}

/** Thinning (Lewis and Shedler, Naval Research Logistics 26(3), 1979): of arrivals at the peak rate, the share of the moment stays. */
function* diurnal(
  { swing, periodS }: Extract<ArrivalProcess, { kind: 'diurnal' }>,
  ratePerS: number,
  random: Random,
): Generator<number, never, undefined> {
  const peakPerS = ratePerS * (1 + swing);
  for (let atS = random.exponential(1 / peakPerS); ; atS += random.exponential(1 / peakPerS)) {
    const share = (1 - swing * Math.cos((2 * Math.PI * atS) / periodS)) / (1 + swing);
    if (random.uniform() < share) yield atS;
  }
}
