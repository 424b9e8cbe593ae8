import { findModel } from '../../../catalog/models.ts';
import { footprintOf } from '../../../catalog/footprint.ts';
import type { PhaseQuery } from './predict-phase.ts';

/** What the memory arithmetic needs of a model, in bytes over all accelerators, 16-bit weights. */
export interface ModelMemory {
  weightBytes: number;
  kvBytesPerToken: number;
}

/**
 * Models of the measured tables that the catalog does not have. Llama-2-70B: 68.98e9 parameters, 80
 * layers, 8 KV heads of 128 (meta-llama/Llama-2-70b config.json); BLOOM: 176.25e9 parameters, 70
 * layers, 112 heads of 128 without grouped queries (bigscience/bloom config.json).
 */
const TABLE_MODELS: Readonly<Record<string, ModelMemory>> = {
  'llama2-70b': { weightBytes: 68.98e9 * 2, kvBytesPerToken: 2 * 80 * 8 * 128 * 2 },
  'bloom-176b': { weightBytes: 176.25e9 * 2, kvBytesPerToken: 2 * 70 * 112 * 128 * 2 },
};

/** vLLM's default `gpu_memory_utilization`: the rest is for activations and the framework. */
const USABLE_SHARE = 0.9;

/**
 * Does the batch run as one? `fits`: the keys and values of all its prompts are resident at once
 * beside the weights. If not, the engine runs it in parts, and its times are of another experiment
 * than the row says. `unknown`: shape or memory are not known.
 */
export function batchFits(query: PhaseQuery): 'fits' | 'infeasible' | 'unknown' {
  const model = memoryOf(query.model);
  const memoryBytes = memoryBytesOf(query.hardware);
  if (model === null || memoryBytes === null) return 'unknown';
  const roomBytes = memoryBytes * query.tensorParallel * USABLE_SHARE - model.weightBytes;
  const neededBytes = query.batch * query.promptTokens * model.kvBytesPerToken;
  return neededBytes <= roomBytes ? 'fits' : 'infeasible';
}

function memoryOf(name: string): ModelMemory | null {
  const known = TABLE_MODELS[name];
  if (known !== undefined) return known;
  const shape = findModel(name);
  if (shape === null) return null;
  const { weightBytes, kvBytesPerToken } = footprintOf(shape, 'bf16');
  return { weightBytes, kvBytesPerToken };
}

/** The tables name the memory in the hardware: `h100-80gb-pcap`. */
function memoryBytesOf(hardware: string): number | null {
  const gb = /-(\d{1,4})gb(?:-|$)/.exec(hardware)?.[1];
  return gb === undefined ? null : Number(gb) * 1e9;
}
