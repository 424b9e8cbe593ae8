import { z } from 'zod';

/** What one training step of one rank spent its time on; each is time of the host's clock. */
export const STEP_PHASES = [
  'data',
  'h2d',
  'forward',
  'backward',
  'optimizer',
  'comm',
  'checkpoint',
  'eval',
] as const;
export type StepPhase = (typeof STEP_PHASES)[number];

/** A day: a step that takes longer is a fault of the log. */
const durationMs = z.number().nonnegative().max(86_400_000);
const count = z.number().nonnegative().max(1e15);

const phaseMs = z.strictObject(
  Object.fromEntries(STEP_PHASES.map((phase) => [phase, durationMs.optional()])) as Record<
    StepPhase,
    z.ZodOptional<typeof durationMs>
  >,
);

/**
 * One training step of one rank: a line of a step log. `ts` is the wall clock at the end of the
 * step, Unix seconds (as Python's `time.time()`). Phases that were not taken are absent. `stepMs`
 * is the whole step where it was taken; the part that no phase covers is then unexplained, not zero.
 */
export const stepRecord = z
  .strictObject({
    ts: z.number().nonnegative().max(4e9),
    rank: z.int().nonnegative().max(1e7),
    step: z.int().nonnegative().max(1e12),
    phaseMs,
    stepMs: durationMs.optional(),
    tokens: count.optional(),
    samples: count.optional(),
    /** Which job, when one file or stream holds several. */
    job: z.string().min(1).max(200).optional(),
  })
  .refine((one) => one.tokens === undefined || one.samples === undefined, {
    path: ['samples'],
    message: 'stands beside tokens; give one of the two',
  });
export type StepRecord = Readonly<z.infer<typeof stepRecord>>;

/** Milliseconds that the phases of a step cover together. */
export const coveredMs = ({ phaseMs: phases }: StepRecord): number =>
  STEP_PHASES.reduce((sum, phase) => sum + (phases[phase] ?? 0), 0);
