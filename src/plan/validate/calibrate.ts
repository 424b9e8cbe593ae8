import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { TailraceError } from '../../records/errors.ts';
import { fitClosedLoopModel } from '../time/fitted/closed-loop-model.ts';
import { fitFile, writeFit, type FitFile } from '../time/fitted/fit-file.ts';
import { AICONFIGURATOR_SET } from './aiconfigurator.ts';
import { readSiliconFolder } from './silicon-sample.ts';
import { SPLITWISE_SET, splitwiseRowKeys } from './splitwise-sim.ts';

const calibrationFile = z.strictObject({
  format: z.literal('tailrace-calibration'),
  version: z.literal(1),
  /** Row keys by set: what was used, and so may not be scored. */
  seen: z.record(z.string(), z.array(z.string())),
  /** Null when the data had no closed-loop runs. */
  closedLoop: fitFile.nullable(),
});
export type CalibrationFile = z.infer<typeof calibrationFile>;

/**
 * Fits what can be fitted to the sets under `data` and lists every row it used: closed-loop coefficients and
 * effects from the silicon sample, the phase table from splitwise-sim (a table is its rows). The LLMServingSim runs
 * are predicted from operator tables and never fitted. Throws TR_NOT_FOUND when there is nothing to fit.
 */
export function calibrate(data: string, onSet: (name: string) => void = () => {}): CalibrationFile {
  const result: CalibrationFile = {
    format: 'tailrace-calibration',
    version: 1,
    seen: {},
    closedLoop: null,
  };
  const silicon = join(data, AICONFIGURATOR_SET);
  if (existsSync(silicon)) {
    onSet(AICONFIGURATOR_SET);
    result.closedLoop = fitSilicon(silicon, data);
    result.seen[AICONFIGURATOR_SET] = result.closedLoop.runs.map(([key]) => key);
  }
  const splitwise = join(data, SPLITWISE_SET);
  if (existsSync(splitwise)) {
    onSet(SPLITWISE_SET);
    result.seen[SPLITWISE_SET] = splitwiseRowKeys(splitwise);
  }
  if (Object.keys(result.seen).length > 0) return result;
  throw new TailraceError(
    'TR_NOT_FOUND',
    `${data}: holds no folder of ${AICONFIGURATOR_SET}, ${SPLITWISE_SET}: ` +
      'give --data a folder laid out like test/fixtures/planning',
    { field: 'data' },
  );
}

function fitSilicon(dir: string, source: string): FitFile {
  const { rows } = readSiliconFolder(dir);
  return writeFit(source, rows, fitClosedLoopModel(rows));
}

/** Keys of all sets that a calibration file lists. Throws TR_PLAN_INVALID when it is not one. */
export function seenByCalibration(path: string): ReadonlySet<string> {
  const parsed = calibrationFile.safeParse(readJson(path));
  if (parsed.success) return new Set(Object.values(parsed.data.seen).flat());
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new TailraceError(
    'TR_PLAN_INVALID',
    `${path}: not a calibration: ${where}: ${issue?.message ?? ''}: make one with plan calibrate`,
    { field: 'calibration' },
  );
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${path}: cannot be read as JSON: ${reason}: give --calibration a file of plan calibrate`;
    throw new TailraceError('TR_FILE_UNREADABLE', message, { field: 'calibration' });
  }
}
