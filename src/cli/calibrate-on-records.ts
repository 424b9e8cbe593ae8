import { resolve } from 'node:path';
import { findAccelerator } from '../catalog/accelerators.ts';
import { findModel } from '../catalog/models.ts';
import { readObserved } from '../plan/time/fitted/read-observed.ts';
import { recoverRoofline, type RecoveredRoofline } from '../plan/time/fitted/recover-roofline.ts';
import type { Quantization } from '../catalog/footprint.ts';
import { kvBlockBudget, type ReplicaHardware } from '../plan/time/footprint.ts';
import { STEP_TIMES_FORMAT, type StepTimesFile } from '../plan/time/step-times-file.ts';
import { TailraceError } from '../records/errors.ts';
import { EXIT, type CommandContext, type Option } from './command.ts';
import { textValue } from './option-values.ts';
import { writeJson } from './write-json.ts';

const QUANTIZATIONS: readonly Quantization[] = ['bf16', 'fp8', 'int8', 'int4', 'fp4'];

/** Options of `plan calibrate` that say which engine served the records. */
export const recordsOptions: Record<string, Option> = {
  records: { type: 'string', value: 'FILE', description: 'Parquet file of tailrace export' },
  engine: { type: 'string', value: 'NAME', description: 'only requests that this engine served' },
  model: { type: 'string', value: 'ID', description: 'model of the engine, from the catalog' },
  accelerator: { type: 'string', value: 'ID', description: 'its accelerator, from the catalog' },
  'tensor-parallel': { type: 'string', value: 'N', description: 'accelerators (default 1)' },
  quantization: {
    type: 'string',
    value: 'FORMAT',
    description: `number format of the weights: ${QUANTIZATIONS.join(', ')} (default bf16)`,
  },
  'max-sequences': { type: 'string', value: 'N', description: 'of the engine (default 256)' },
  'max-batched-tokens': { type: 'string', value: 'N', description: 'of the engine (default 8192)' },
};

const DEFAULT_OUT = 'calibration.json';

/** Share of memory that the KV budget assumes, as the simulated engine does. */
const MEMORY_SHARE = 0.9;

/** Recovers the roofline of one engine from its records and prints figures and errors. */
export async function calibrateOnRecords({
  values,
  cwd,
  stdout,
  stderr,
}: CommandContext): Promise<number> {
  const hardware = hardwareOf(values);
  const kvBlocks = kvBlockBudget(hardware, MEMORY_SHARE);
  if (!kvBlocks.ok) throw kvBlocks.error;
  const file = resolve(cwd, textValue(values, 'records') ?? '');
  const { requests, simulated, engineTimes } = await readObserved(
    file,
    textValue(values, 'engine') ?? null,
  );
  if (stderr.isTTY) stderr.write(`${requests.length} requests ...\n`);
  const recovered = recoverRoofline(requests, {
    hardware,
    engineTimes,
    engine: {
      kind: 'vllm',
      maxSequences: count(values, 'max-sequences', 256),
      maxBatchedTokens: count(values, 'max-batched-tokens', 8192),
      kvBlocks: kvBlocks.value,
      maxContext: hardware.model.maxContext,
      policy: {
        prefixCaching: false,
        ...(simulated ? { asyncScheduling: false, admission: 'chunk' } : {}),
      },
    },
  });
  if (!recovered.ok) throw recovered.error;
  const out = resolve(cwd, textValue(values, 'out') ?? DEFAULT_OUT);
  const written = stepTimesOf(hardware, recovered.value);
  writeJson(out, written);
  stdout.write(
    values['json'] === true
      ? `${JSON.stringify({ file: out, ...written }, null, 2)}\n`
      : `${render(recovered.value)}written to ${out}\n`,
  );
  return EXIT.ok;
}

/** What the plan commands take as --calibration. */
function stepTimesOf(hardware: ReplicaHardware, recovered: RecoveredRoofline): StepTimesFile {
  const { computeShare, bandwidthShare, stepOverheadMs } = recovered.constants;
  const figures = {
    model: hardware.model.id,
    accelerator: hardware.accelerator.id,
    quantization: hardware.quantization,
    tensorParallel: hardware.tensorParallel,
    computeShare,
    bandwidthShare,
    stepOverheadMs,
    errorShare: recovered.errorShare,
  };
  return { format: STEP_TIMES_FORMAT, stepTimes: [figures], recovered };
}

function hardwareOf(values: CommandContext['values']): ReplicaHardware {
  const accelerator = findAccelerator(textValue(values, 'accelerator') ?? '');
  const model = findModel(textValue(values, 'model') ?? '');
  const format = textValue(values, 'quantization') ?? 'bf16';
  const quantization = QUANTIZATIONS.find((one) => one === format);
  if (model === null)
    throw usage('model', 'is not in the catalog: give --model an id such as llama-3.1-8b');
  if (accelerator === null) {
    throw usage('accelerator', 'is not in the catalog: give --accelerator an id such as h100-sxm');
  }
  if (quantization === undefined)
    throw usage('quantization', `is one of ${QUANTIZATIONS.join(', ')}`);
  return { accelerator, model, quantization, tensorParallel: count(values, 'tensor-parallel', 1) };
}

function count(values: CommandContext['values'], name: string, otherwise: number): number {
  const text = textValue(values, name);
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw usage(name, `is "${text}": give a whole number above 0`);
  return value;
}

const usage = (name: string, problem: string): TailraceError =>
  new TailraceError('TR_USAGE', `--${name} ${problem}`, { field: name });

function render(recovered: RecoveredRoofline): string {
  const { constants, requestOverheadMs, beforePct, afterPct, fitted, heldOut } = recovered;
  const pct = (value: number): string => `${value.toFixed(1)} %`;
  return [
    `computeShare    ${constants.computeShare.toFixed(3)} of peak arithmetic`,
    `bandwidthShare  ${constants.bandwidthShare.toFixed(3)} of peak memory bandwidth`,
    `stepOverheadMs  ${constants.stepOverheadMs.toFixed(2)}`,
    `per request     ${requestOverheadMs.toFixed(1)} ms before the first token`,
    `median error on ${heldOut} held-out requests (${fitted} fitted):`,
    `  TTFT ${pct(beforePct.ttft)} before, ${pct(afterPct.ttft)} after`,
    `  TPOT ${pct(beforePct.tpot)} before, ${pct(afterPct.tpot)} after`,
    '',
  ].join('\n');
}
