import { findAccelerator, type Accelerator } from '../../catalog/accelerators.ts';
import { findModel, type ModelShape } from '../../catalog/models.ts';
import { TailraceError, type Result } from '../../records/errors.ts';
import { createContinuousBatching } from '../engine/continuous-batching.ts';
import { createEngineCore, type EngineCore } from '../engine/engine-core.ts';
import { kvBlockBudget, KV_BLOCK_TOKENS } from '../time/footprint.ts';
import { powerModel } from '../time/power.ts';
import { rooflineStepTime } from '../time/roofline.ts';
import { cappedModels, type PowerCap } from './devices/power-cap.ts';
import type { SimulatedEngineConfig } from './simulated-config.ts';
import { simulatedConstants } from './simulated-efficiency.ts';

/** Sequences that may wait at one replica; more are answered with 503. */
export const MAX_WAITING = 10_000;

/** The configured engine, ready to run: count / tensorParallel replicas that share nothing. */
export interface BuiltEngine {
  replicas: EngineCore[];
  model: ModelShape;
  accelerator: Accelerator;
  settings: NonNullable<SimulatedEngineConfig['simulated']>;
  kvBlocksPerReplica: number;
  acceleratorsPerReplica: number;
  /** The power limit of its accelerators. */
  powerCap: PowerCap;
  /** Largest prompt + output, tokens. */
  maxTokens: number;
}

/** Throws a TailraceError that names the field when the configuration cannot be simulated. */
export function buildEngine(config: SimulatedEngineConfig): BuiltEngine {
  const { hardware, simulated: settings } = config;
  if (hardware === undefined) throw invalid('hardware', 'a simulated engine needs `hardware`');
  if (settings === undefined) throw invalid('simulated', 'this engine is not a simulated one');
  const accelerator = findAccelerator(hardware.accelerator);
  if (accelerator === null) {
    const message = `the catalog has no accelerator "${hardware.accelerator}"`;
    throw invalid('hardware.accelerator', message);
  }
  const model = findModel(hardware.model);
  if (model === null) {
    throw invalid('hardware.model', `the catalog has no model "${hardware.model}"`);
  }
  const { count, tensorParallel, quantization } = hardware;
  if (count % tensorParallel !== 0) {
    const message = `count (${count}) must be a multiple of tensorParallel (${tensorParallel})`;
    throw invalid('hardware.count', message);
  }
  const replica = { accelerator, model, tensorParallel, quantization };
  const kvBlocks = required(kvBlockBudget(replica, settings.gpuMemoryShare));
  const models = cappedModels(
    required(rooflineStepTime(replica, simulatedConstants(settings.efficiency))),
    required(powerModel(accelerator)),
  );
  const { time, power } = models;
  const limits = {
    maxSequences: settings.maxSequences,
    maxBatchedTokens: settings.maxBatchedTokens,
    kvBlocks,
    maxContext: model.maxContext,
    maxWaiting: MAX_WAITING,
  };
  const replicas = Array.from({ length: count / tensorParallel }, () =>
    createEngineCore({
      scheduler: createContinuousBatching(limits),
      time,
      power,
      accelerators: tensorParallel,
    }),
  );
  return {
    replicas,
    model,
    accelerator,
    settings,
    kvBlocksPerReplica: kvBlocks,
    powerCap: models.cap,
    acceleratorsPerReplica: tensorParallel,
    maxTokens: Math.min(model.maxContext, kvBlocks * KV_BLOCK_TOKENS),
  };
}

function required<T>(result: Result<T>): T {
  if (!result.ok) throw result.error;
  return result.value;
}

const invalid = (field: string, message: string): TailraceError =>
  new TailraceError('TR_CONFIG_INVALID', `${field}: ${message}`, { field });
