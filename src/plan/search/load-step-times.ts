import { findAccelerator } from '../../catalog/accelerators.ts';
import { findModel } from '../../catalog/models.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import { loadStepTime } from '../time/choose-step-time.ts';
import type { Candidate } from './candidate.ts';

/** Reads what step times of the candidates are made from. Whoever builds replicas waits for it first. */
export async function loadStepTimes(
  plan: Plan,
  modelId: string,
  candidates: readonly Candidate[],
): Promise<void> {
  const model = findModel(modelId);
  if (model === null) return;
  for (const { accelerator: id, quantization, tensorParallel, maxSequences } of candidates) {
    const accelerator = findAccelerator(id);
    if (accelerator === null) continue;
    const hardware = { model, accelerator, quantization, tensorParallel };
    await loadStepTime({ hardware, maxSequences, own: plan.stepTimes });
  }
}
