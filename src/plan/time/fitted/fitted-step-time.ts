import { ok, type Result } from '../../../records/errors.ts';
import type { ReplicaHardware } from '../footprint.ts';
import type { StepTime, StepTimeModel, StepWork } from '../step-time.ts';
import { fitNameOf, largestFit, type ClosedLoopModel } from './closed-loop-model.ts';
import type { ClosedLoopQuery } from './closed-loop-query.ts';
import { noveltyOf, type Novelty } from './error-quantiles.ts';
import {
  decodeStepParts,
  mixedPrefillParts,
  promptComputeMs,
  type StepParts,
} from './mean-time.ts';
import { residualAt } from './residual-process.ts';
import { isDeployment, pointOf } from './similarity.ts';
import { machineOf, stepTerms } from './step-terms.ts';

/** A step-time model from measured runs, with what its 90 % interval multiplies a duration by. */
export interface FittedStepTime extends StepTimeModel {
  readonly provenance: 'fitted';
  readonly novelty: Novelty;
  readonly lowFactor: number;
  readonly highFactor: number;
}

/** Lengths at which the learned correction is read; the runs of the silicon sample are around them. */
const REFERENCE_TOKENS = 1024;
const MAX_DOUBLINGS = 10;

/**
 * Step times for the event simulator, of any model and accelerator in the catalog: the coefficients of the closed-loop
 * TPOT fit on the work of one step, times the correction learned for this deployment at the step's number of
 * decoding sequences, and the arithmetic of prompts as the TTFT fit has it. (In a closed loop equal requests run in
 * waves, whose prompts delay first tokens and hardly others: the TPOT fit's own figure for prompts is
 * above the published peak.) The interval is that of the fit's time per token. Fails with TR_PLAN_INVALID when the
 * catalog lacks a figure or nothing was fitted. About 2 us a step.
 */
export function fittedStepTime(
  fitted: ClosedLoopModel,
  hardware: ReplicaHardware,
  engine: string,
): Result<FittedStepTime> {
  const { model, accelerator, quantization, tensorParallel } = hardware;
  const made = machineOf(model, accelerator, quantization);
  if (!made.ok) return made;
  const machine = made.value;
  const layout = { tensor: tensorParallel, pipeline: 1, data: 1, expertParallel: false };
  const reference: ClosedLoopQuery = {
    model,
    accelerator,
    engine,
    quantization,
    layout,
    prefillLayout: null,
    inputTokens: REFERENCE_TOKENS,
    outputTokens: REFERENCE_TOKENS,
    concurrency: 1,
  };
  const own = fitted.fits.get(fitNameOf(reference));
  const chosen = own === undefined ? largestFit(fitted) : ok(own);
  if (!chosen.ok) return chosen;
  const { tpot, ttft } = chosen.value;
  const { coefficients, residuals, quantiles } = tpot;
  const point = pointOf(reference);
  const novelty = own === undefined ? 'new-model' : noveltyOf(point, residuals.points);
  // A pair that was not measured together is as new as a new accelerator, though both were seen.
  const isMeasured = residuals.points.some((seen) => isDeployment(seen, point));
  const [low, high] = quantiles[novelty === 'known' && !isMeasured ? 'new-accelerator' : novelty];
  const decodeAlone = (sequences: number): number =>
    stepMs(
      decodeStepParts(
        stepTerms(machine, layout, { sequences, tokens: sequences, pairs: 0, decode: true }),
        coefficients,
      ),
    );
  const corrections = risingCorrections(
    (sequences) => residualAt(residuals, pointOf({ ...reference, concurrency: sequences })),
    decodeAlone,
  );
  const promptFactor = Math.exp(residualAt(ttft.residuals, point));

  const stepTime = (work: StepWork): StepTime => {
    const tokens = work.prefillTokens + work.decodeTokens;
    const sequences = Math.max(work.decodeTokens, work.sampledTokens);
    const all = stepTerms(machine, layout, { sequences, tokens, pairs: 0, decode: false });
    const decode = stepTerms(machine, layout, {
      sequences,
      tokens: work.decodeTokens,
      pairs: work.decodeContextTokens,
      decode: true,
    });
    // Weights are read once for all tokens of the step, and all of them are exchanged.
    const parts = decodeStepParts(
      { ...decode, weightsMs: all.weightsMs, exchangeMs: all.exchangeMs },
      coefficients,
    );
    const factor = Math.exp(correctionAt(corrections, sequences));
    const prompt = promptParts(work);
    const computeMs = factor * parts.computeMs + promptFactor * prompt.computeMs;
    const memoryMs = factor * parts.memoryMs;
    const collectiveMs = factor * parts.collectiveMs;
    const overheadMs = factor * (parts.overheadMs + prompt.overheadMs);
    const totalMs = computeMs + memoryMs + collectiveMs + overheadMs;
    return { totalMs, computeMs, memoryMs, collectiveMs, overheadMs };
  };
  const promptParts = (work: StepWork): { computeMs: number; overheadMs: number } => {
    if (work.prefillTokens === 0) return { computeMs: 0, overheadMs: 0 };
    const terms = stepTerms(machine, layout, {
      sequences: 1,
      tokens: work.prefillTokens,
      pairs: work.prefillPairs,
      decode: false,
    });
    const { overheadMs } = mixedPrefillParts(terms, coefficients);
    return { computeMs: promptComputeMs(terms, ttft.coefficients), overheadMs };
  };
  const factors = { lowFactor: Math.exp(low), highFactor: Math.exp(high) };
  return ok({ provenance: 'fitted', novelty, ...factors, stepTime });
}

const stepMs = ({ computeMs, memoryMs, collectiveMs, overheadMs }: StepParts): number =>
  computeMs + memoryMs + collectiveMs + overheadMs;

/**
 * Learned corrections (logarithms) at 1, 2, 4 ... sequences, raised where with them a step of more sequences would be shorter: a
 * smooth effect learned from few loads may fall faster than the work grows.
 */
function risingCorrections(
  correctionOf: (sequences: number) => number,
  decodeMs: (sequences: number) => number,
): number[] {
  let leastMs = 0;
  return Array.from({ length: MAX_DOUBLINGS + 1 }, (_, doublings) => {
    const sequences = 2 ** doublings;
    const ms = decodeMs(sequences);
    leastMs = Math.max(leastMs, ms * Math.exp(correctionOf(sequences)));
    return Math.log(leastMs / ms);
  });
}

/** Linear in the logarithm of the sequences. */
function correctionAt(corrections: readonly number[], sequences: number): number {
  const at = Math.min(Math.log2(Math.max(1, sequences)), corrections.length - 1);
  const below = Math.floor(at);
  const low = corrections[below] ?? 0;
  return low + ((corrections[below + 1] ?? low) - low) * (at - below);
}
