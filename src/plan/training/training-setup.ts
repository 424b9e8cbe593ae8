import { accelerators, findAccelerator, type Accelerator } from '../../catalog/accelerators.ts';
import { findModel, models, type ModelShape } from '../../catalog/models.ts';
import type { Path } from '../../config/problems.ts';
import { nearest } from '../../config/nearest.ts';
import type { PlanFinding } from '../plan-file/parse-yaml-plan.ts';
import type { TrainingPlan } from './training-plan.ts';

/** A plan with its names looked up and its layout worked out; every count divides. */
export interface TrainingSetup {
  plan: TrainingPlan;
  model: ModelShape;
  accelerator: Accelerator;
  dataParallel: number;
  /** Micro-batches each pipeline works through per step. */
  microBatches: number;
}

type Report = (path: Path, message: string, suggestion?: string | null) => void;

/** Looks names up and divides the accelerators; findings name the field and the nearest fix. */
export function trainingSetup(
  plan: TrainingPlan,
): { ok: true; setup: TrainingSetup } | { ok: false; findings: PlanFinding[] } {
  const findings: PlanFinding[] = [];
  const report: Report = (path, message, suggestion = null) =>
    void findings.push({ path, message, suggestion });
  const model = findModel(plan.model);
  const accelerator = findAccelerator(plan.accelerator);
  if (model === null) {
    const known = nearest(
      plan.model,
      models().map((one) => one.id),
    );
    report(['model'], `"${plan.model}" is not a model of the catalog`, known);
  }
  if (accelerator === null) {
    const known = nearest(
      plan.accelerator,
      accelerators().map((one) => one.id),
    );
    report(['accelerator'], `"${plan.accelerator}" is not an accelerator of the catalog`, known);
  }
  checkLayout(plan, report);
  if (model !== null) checkShape(plan, model, report);
  if (model === null || accelerator === null || findings.length > 0) return { ok: false, findings };
  const dataParallel = plan.accelerators / (plan.parallel.tensor * plan.parallel.pipeline);
  const microBatches = plan.globalBatchSequences / (dataParallel * plan.microBatchSequences);
  return { ok: true, setup: { plan, model, accelerator, dataParallel, microBatches } };
}

function checkLayout(plan: TrainingPlan, report: Report): void {
  const { tensor, pipeline, expert, interleave } = plan.parallel;
  const perReplica = tensor * pipeline;
  if (plan.accelerators % perReplica !== 0) {
    const near = nearestMultiple(plan.accelerators, perReplica);
    report(
      ['accelerators'],
      `${plan.accelerators} cannot be split into replicas of ${tensor} x ${pipeline} (tensor x pipeline): use ${near}`,
    );
    return;
  }
  const dataParallel = plan.accelerators / perReplica;
  const perStep = dataParallel * plan.microBatchSequences;
  if (plan.globalBatchSequences % perStep !== 0) {
    const near = nearestMultiple(plan.globalBatchSequences, perStep);
    report(
      ['globalBatchSequences'],
      `${plan.globalBatchSequences} cannot be split over ${dataParallel} data-parallel ranks of ` +
        `${plan.microBatchSequences} sequences: use ${near}`,
    );
  } else if (interleave > 1 && (plan.globalBatchSequences / perStep) % pipeline !== 0) {
    report(
      ['parallel', 'interleave'],
      `needs micro-batches (${plan.globalBatchSequences / perStep}) in multiples of the pipeline (${pipeline}): ` +
        'use 1, or another globalBatchSequences',
    );
  }
  if (interleave > 1 && pipeline === 1) {
    report(['parallel', 'interleave'], 'goes with a pipeline of at least 2: use 1');
  }
  if (dataParallel % expert !== 0) {
    const message = `must divide the ${dataParallel} data-parallel ranks: use ${largestDivisor(dataParallel, expert)}`;
    report(['parallel', 'expert'], message);
  }
}

function checkShape(plan: TrainingPlan, model: ModelShape, report: Report): void {
  const { tensor, pipeline, expert, interleave } = plan.parallel;
  if (model.heads % tensor !== 0) {
    const fix = largestDivisor(model.heads, tensor);
    report(
      ['parallel', 'tensor'],
      `must divide the ${model.heads} attention heads of ${model.name}: use ${fix}`,
    );
  }
  if (pipeline * interleave > model.layers) {
    const message = `x interleave is ${pipeline * interleave}, and ${model.name} has ${model.layers} layers: use less`;
    report(['parallel', 'pipeline'], message);
  }
  const experts = model.experts?.count ?? 1;
  if (experts % expert !== 0) {
    const message = `must divide the ${experts} experts of ${model.name}: use ${largestDivisor(experts, expert)}`;
    report(['parallel', 'expert'], message);
  }
  if (plan.sequenceTokens > model.maxContext) {
    const message = `${plan.sequenceTokens} is beyond the ${model.maxContext} tokens of ${model.name}: use at most that`;
    report(['sequenceTokens'], message);
  }
}

const nearestMultiple = (value: number, of: number): number =>
  Math.max(1, Math.round(value / of)) * of;

/** Largest divisor of `value` that is at most `limit`. */
function largestDivisor(value: number, limit: number): number {
  for (let divisor = Math.min(value, limit); divisor > 1; divisor -= 1) {
    if (value % divisor === 0) return divisor;
  }
  return 1;
}
