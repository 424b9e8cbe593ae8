import type { PlanBody } from '../api/types.ts';

/** What the form of a training run holds, as it is typed. */
export interface TrainingFields {
  model: string;
  accelerator: string;
  accelerators: string;
  tokens: string;
  globalBatchSequences: string;
  dataPercent: string;
  mtbfHours: string;
  storageGbPerS: string;
}

export const TRAINING_DEFAULTS: TrainingFields = {
  model: 'llama-3.1-8b',
  accelerator: 'h100-sxm',
  accelerators: '64',
  tokens: '1e12',
  globalBatchSequences: '512',
  dataPercent: '100',
  mtbfHours: '50000',
  storageGbPerS: '100',
};

/**
 * The plan as `tailrace plan train` reads it. What is left empty is not described, and so not modelled; a figure that
 * is none goes on as it was typed, and the API names its field.
 */
export function trainingPlan(fields: TrainingFields): PlanBody {
  const { dataPercent, mtbfHours } = fields;
  const data = figure(dataPercent);
  return {
    train: {
      model: fields.model.trim(),
      accelerator: fields.accelerator.trim(),
      accelerators: figure(fields.accelerators),
      tokens: figure(fields.tokens),
      globalBatchSequences: figure(fields.globalBatchSequences),
      ...(dataPercent.trim() === ''
        ? {}
        : { data: { shareOfDemand: typeof data === 'number' ? data / 100 : data } }),
      ...(mtbfHours.trim() === ''
        ? {}
        : {
            failures: { mtbfHoursPerAccelerator: figure(mtbfHours) },
            checkpoint: { intervalMinutes: 'best', storageGbPerS: figure(fields.storageGbPerS) },
          }),
    },
  };
}

function figure(text: string): number | string {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? text : value;
}
