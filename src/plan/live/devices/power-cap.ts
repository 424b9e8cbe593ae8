import type { PowerModel } from '../../time/power.ts';
import type { StepTime, StepTimeModel } from '../../time/step-time.ts';

/** A power limit that may change while steps run. */
export interface PowerCap {
  /** Watts of one accelerator; null: its TDP, which no step exceeds. */
  set(capW: number | null): void;
  capW(): number | null;
  /** Clock of a step over the full one, 1 where nothing held it down. */
  clockShareOf(time: StepTime): number;
}

/** No device clocks lower than this to stay under its limit. */
const LEAST_CLOCK_SHARE = 0.2;

/** A step as a limit lets it run. */
export interface CappedStep {
  time: StepTime;
  /** Clock over the full one, 1 where nothing held it down. */
  clockShare: number;
  powerW: number;
}

/**
 * A step under a power limit. Dynamic power grows with the cube of the clock (frequency times voltage squared, and voltage follows
 * frequency: the textbook CMOS relation), so a step that would draw more runs its arithmetic at the clock whose power fits;
 * memory keeps its own clock, exchange and host do not notice. Power of such a step is the limit.
 */
export function cappedStep(full: StepTime, power: PowerModel, capW: number | null): CappedStep {
  const fullW = power.stepW(full);
  if (capW === null || fullW <= capW) return { time: full, clockShare: 1, powerW: fullW };
  const range = Math.max(0, capW - power.idleW) / (fullW - power.idleW);
  const clockShare = Math.max(LEAST_CLOCK_SHARE, Math.cbrt(range));
  const computeMs = full.computeMs / clockShare;
  const time = { ...full, computeMs, totalMs: full.totalMs - full.computeMs + computeMs };
  return { time, clockShare, powerW: capW };
}

/** Models of time and power whose steps obey a limit that may change. */
export function cappedModels(
  time: StepTimeModel,
  power: PowerModel,
): { time: StepTimeModel; power: PowerModel; cap: PowerCap } {
  let capW: number | null = null;
  const slowed = new WeakMap<StepTime, CappedStep>();
  return {
    time: {
      provenance: time.provenance,
      stepTime(work) {
        const step = cappedStep(time.stepTime(work), power, capW);
        if (step.clockShare < 1) slowed.set(step.time, step);
        return step.time;
      },
    },
    power: {
      idleW: power.idleW,
      stepW: (step) => slowed.get(step)?.powerW ?? power.stepW(step),
    },
    cap: {
      set(next) {
        capW = next;
      },
      capW: () => capW,
      clockShareOf: (step) => slowed.get(step)?.clockShare ?? 1,
    },
  };
}
