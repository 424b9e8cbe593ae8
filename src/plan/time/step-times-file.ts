import type { OwnFigures } from './own-figures.ts';

/** What `tailrace plan calibrate --records` writes and the plan commands read as `stepTimes`. */
export interface StepTimesFile {
  format: typeof STEP_TIMES_FORMAT;
  stepTimes: OwnFigures[];
  /** Where the figures come from, for people: nothing reads it back. */
  recovered?: unknown;
}

export const STEP_TIMES_FORMAT = 'tailrace-step-times/1';

/** The entries themselves are checked by the plan that they become part of. */
export const isStepTimesFile = (value: unknown): value is { stepTimes: unknown[] } =>
  typeof value === 'object' &&
  value !== null &&
  'format' in value &&
  value.format === STEP_TIMES_FORMAT &&
  'stepTimes' in value &&
  Array.isArray(value.stepTimes);
