import { ok, type Result } from '../../records/errors.ts';
import type { FittedStepTime } from './fitted/fitted-step-time.ts';
import type { ReplicaHardware } from './footprint.ts';
import { shippedStepTime } from './operator-table/shipped-step-time.ts';
import { shippedTableKeys } from './operator-table/shipped-tables.ts';
import { ownFiguresOf, type OwnFigures } from './own-figures.ts';
import { ROOFLINE_CONSTANTS, rooflineStepTime } from './roofline.ts';
import type { StepTimeModel } from './step-time.ts';

/** A step-time model with its interval: durations lie between these multiples of what it says. */
export interface ChosenStepTime extends StepTimeModel {
  lowFactor: number;
  highFactor: number;
}

/** A replica whose step times are wanted, and figures of engines of one's own. */
export interface StepTimeNeed {
  hardware: ReplicaHardware;
  maxSequences: number;
  own: readonly OwnFigures[];
}

/**
 * Measured tables: runs on hardware that was profiled whole stay within 2 % (`tailrace plan validate`), but tables that
 * were put together from several sources have no run to be checked on, so a tenth is taken. Roofline: the largest
 * miss in docs/simulated-engine.md is 16 % (A100 decode) and none of its rows is a mixture of experts, so a quarter is
 * taken. Fits bring an interval of their own.
 */
const TABLE_ERROR_SHARE = 0.1;
const ROOFLINE_ERROR_SHARE = 0.25;

const loading = new Map<string, Promise<ChosenStepTime | null>>();
const loaded = new Map<string, ChosenStepTime | null>();

/**
 * Reads the measured tables and the fit that the replica needs, each once in a process (some 50 ms). Must end before
 * `chooseStepTime` of that replica, so that a plan has the same step times wherever it is computed.
 */
export async function loadStepTime({ hardware, maxSequences, own }: StepTimeNeed): Promise<void> {
  const key = keyOf(hardware, maxSequences);
  if (loaded.has(key) || ownFiguresOf(own, hardware) !== null) return;
  const time = loading.get(key) ?? measuredStepTime(hardware, maxSequences);
  loading.set(key, time);
  loaded.set(key, await time);
}

/**
 * The one place that says how long steps of a replica take, by what is known of it: figures of that very engine, operator
 * tables, the fit to published runs where it has seen model and accelerator, published peaks. Fails when the catalog
 * lacks a figure. A replica that was not loaded is a bug.
 */
export function chooseStepTime({
  hardware,
  maxSequences,
  own,
}: StepTimeNeed): Result<ChosenStepTime> {
  const figures = ownFiguresOf(own, hardware);
  if (figures !== null) return calibratedStepTime(hardware, figures);
  const time = loaded.get(keyOf(hardware, maxSequences));
  if (time === undefined) throw new Error('loadStepTime must end before replicas are built');
  if (time !== null) return ok(time);
  const roofline = rooflineStepTime(hardware);
  return roofline.ok ? ok(within(roofline.value, ROOFLINE_ERROR_SHARE)) : roofline;
}

function calibratedStepTime(
  hardware: ReplicaHardware,
  { computeShare, bandwidthShare, stepOverheadMs, errorShare }: OwnFigures,
): Result<ChosenStepTime> {
  const constants = { ...ROOFLINE_CONSTANTS, computeShare, bandwidthShare, stepOverheadMs };
  const time = rooflineStepTime(hardware, constants);
  if (!time.ok) return time;
  return ok({ ...within(time.value, errorShare), provenance: 'fitted' });
}

/** From an operator table or the fit; null when neither is for it. */
async function measuredStepTime(
  hardware: ReplicaHardware,
  maxSequences: number,
): Promise<ChosenStepTime | null> {
  const table = hasTable(hardware) ? await shippedStepTime(hardware, { maxSequences }) : null;
  return table === null ? await knownFit(hardware) : within(table, TABLE_ERROR_SHARE);
}

/** The fit is read only when needed: half a megabyte. */
async function knownFit(hardware: ReplicaHardware): Promise<FittedStepTime | null> {
  const [{ shippedFit }, { fittedStepTime }] = await Promise.all([
    import('./fitted/shipped-fit.ts'),
    import('./fitted/fitted-step-time.ts'),
  ]);
  const fitted = fittedStepTime(shippedFit().model, hardware, 'vllm');
  return fitted.ok && fitted.value.novelty === 'known' ? fitted.value : null;
}

const within = (time: StepTimeModel, errorShare: number): ChosenStepTime => ({
  provenance: time.provenance,
  stepTime: (work) => time.stepTime(work),
  lowFactor: 1 - errorShare,
  highFactor: 1 + errorShare,
});

const hasTable = ({ model, accelerator, quantization, tensorParallel }: ReplicaHardware): boolean =>
  shippedTableKeys().some(
    (key) =>
      key.model === model.id &&
      key.hardware === accelerator.id &&
      key.numberFormat === quantization &&
      key.tensorParallel === tensorParallel,
  );

const keyOf = (
  { model, accelerator, quantization, tensorParallel }: ReplicaHardware,
  maxSequences: number,
): string => [model.id, accelerator.id, quantization, tensorParallel, maxSequences].join(' ');
