import { accelerators, findAccelerator } from '../../catalog/accelerators.ts';
import { findModel, models } from '../../catalog/models.ts';
import { nearest } from '../../config/nearest.ts';
import { fail, ok, type Result } from '../../records/errors.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import type { ReplicaSpec } from '../serving/simulate-serving.ts';
import { kvBlockBudget, type ReplicaHardware } from '../time/footprint.ts';
import { chooseStepTime, type ChosenStepTime } from '../time/choose-step-time.ts';
import { powerModel } from '../time/power.ts';
import type { StepTime, StepTimeModel } from '../time/step-time.ts';
import type { Candidate } from './candidate.ts';

/** What one replica of a candidate is: how long its steps take, what fits in it, what it draws. */
export interface ReplicaModel {
  spec: ReplicaSpec;
  hardware: ReplicaHardware;
  kvBlocks: number;
  time: ChosenStepTime;
}

/**
 * Builds the models of one replica of a plan; step times are those of chooseStepTime. `loadStepTimes` must have
 * ended. Fails with TR_PLAN_INVALID and the field when the names are
 * unknown, the weights do not fit, or the catalog lacks a figure: the candidate cannot be built at all.
 */
export function replicaModel(
  { stepTimes: own }: Pick<Plan, 'stepTimes'>,
  candidate: Candidate,
  modelId: string,
): Result<ReplicaModel> {
  const accelerator = findAccelerator(candidate.accelerator);
  const model = findModel(modelId);
  if (accelerator === null)
    return unknown('deployment.accelerator', candidate.accelerator, accelerators());
  if (model === null) return unknown('workload.model', modelId, models());
  const { tensorParallel, quantization } = candidate;
  if (model.heads % tensorParallel !== 0) {
    return fail(
      'TR_PLAN_INVALID',
      `deployment.tensorParallel: ${model.name} has ${model.heads} attention heads, which ` +
        `${tensorParallel} accelerators cannot share evenly: choose a divisor of ${model.heads}`,
      { field: 'deployment.tensorParallel' },
    );
  }
  const hardware = { accelerator, model, tensorParallel, quantization };
  const kvBlocks = kvBlockBudget(hardware, candidate.gpuMemoryShare);
  if (!kvBlocks.ok) return asPlanError(kvBlocks.error.message);
  const time = chooseStepTime({ hardware, maxSequences: candidate.maxSequences, own });
  if (!time.ok) return asPlanError(time.error.message);
  const power = powerModel(accelerator);
  return ok({
    hardware,
    kvBlocks: kvBlocks.value,
    time: time.value,
    spec: {
      engine: {
        kind: 'vllm',
        maxSequences: candidate.maxSequences,
        maxBatchedTokens: candidate.maxBatchedTokens,
        kvBlocks: kvBlocks.value,
        maxContext: model.maxContext,
      },
      time: time.value,
      power: power.ok ? power.value : null,
      accelerators: tensorParallel,
    },
  });
}

/** The same replica when every step takes `factor` times as long: the ends of a model's interval. */
export function slowed(spec: ReplicaSpec, factor: number): ReplicaSpec {
  const { time } = spec;
  const scaled: StepTimeModel = {
    provenance: time.provenance,
    stepTime: (work) => scale(time.stepTime(work), factor),
  };
  return { ...spec, time: scaled };
}

const scale = (time: StepTime, factor: number): StepTime => ({
  totalMs: time.totalMs * factor,
  computeMs: time.computeMs * factor,
  memoryMs: time.memoryMs * factor,
  collectiveMs: time.collectiveMs * factor,
  overheadMs: time.overheadMs * factor,
});

function unknown(
  field: string,
  name: string,
  known: ReadonlyArray<{ id: string }>,
): Result<ReplicaModel> {
  const meant = nearest(
    name,
    known.map(({ id }) => id),
  );
  const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
  return fail('TR_PLAN_INVALID', `${field}: "${name}" is not in the catalog${hint}`, { field });
}

/** The fields of a plan stand where the engine configuration has `hardware` and `simulated`. */
function asPlanError(message: string): Result<never> {
  const text = message
    .replace('hardware.tensorParallel', 'deployment.tensorParallel')
    .replace('simulated.gpuMemoryShare', 'deployment.gpuMemoryShare')
    .replace('hardware.accelerator', 'deployment.accelerator');
  const field = 'deployment';
  return fail('TR_PLAN_INVALID', `${field}: ${text}`, { field });
}
