import type { Quantization } from '../../catalog/footprint.ts';
import type { SimulatedEfficiency } from './simulated-efficiency.ts';

/** Faults shown on demand; rates are shares of requests, times are real milliseconds. */
export interface FaultSettings {
  errorRate: number;
  stallRate: number;
  stallMs: number;
  cutRate: number;
  slowStartMs: number;
  /** Power limit of each accelerator, watts; null or absent: none below its TDP. */
  powerCapW?: number | null | undefined;
}

/**
 * What of an engine's configuration the simulated engine reads (the `engines[]` entry of tailrace.yaml has
 * this shape and more). `models` empty: any model name is answered.
 */
export interface SimulatedEngineConfig {
  name: string;
  models: string[];
  hardware?:
    | {
        accelerator: string;
        count: number;
        tensorParallel: number;
        quantization: Quantization;
        model: string;
      }
    | undefined;
  simulated?:
    | {
        seed: number;
        maxSequences: number;
        maxBatchedTokens: number;
        gpuMemoryShare: number;
        speed: number;
        port: number;
        efficiency?: SimulatedEfficiency | undefined;
        faults: FaultSettings;
      }
    | undefined;
}
