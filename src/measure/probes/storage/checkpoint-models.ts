/**
 * Checkpoints of MLPerf Storage v2.0 (mlcommons/storage, checkpointing workloads): all of a model's
 * weights and optimizer state, written by all ranks at once.
 */
export interface CheckpointModel {
  name: string;
  bytes: number;
}

export const checkpointModels: readonly CheckpointModel[] = [
  { name: 'llama3-8b', bytes: 105e9 },
  { name: 'llama3-70b', bytes: 912e9 },
  { name: 'llama3-405b', bytes: 5.29e12 },
  { name: 'llama3-1t', bytes: 18e12 },
];

export const findCheckpointModel = (name: string): CheckpointModel | null =>
  checkpointModels.find((one) => one.name === name) ?? null;
