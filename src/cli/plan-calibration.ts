import { resolve } from 'node:path';
import { readText } from '../config/load.ts';
import type { PlanOverride } from '../plan/plan-file/parse-plan.ts';
import { isStepTimesFile } from '../plan/time/step-times-file.ts';
import { TailraceError } from '../records/errors.ts';
import type { CommandContext, Option } from './command.ts';
import { textValue } from './option-values.ts';

export const calibrationOption: Record<string, Option> = {
  calibration: {
    type: 'string',
    value: 'FILE',
    description: 'step times of your own engine, from plan calibrate --records',
  },
};

/** `--calibration FILE`: takes the place of the plan's `stepTimes`. Throws TR_PLAN_INVALID. */
export function calibrationOverrides({ values, cwd }: CommandContext): PlanOverride[] {
  const name = textValue(values, 'calibration');
  if (name === undefined) return [];
  const text = readText(resolve(cwd, name));
  if (text === null) throw invalid(`${name}: there is no such file`);
  if (!text.ok) throw invalid(text.error.message);
  const file = parseJson(text.value);
  if (!isStepTimesFile(file)) {
    throw invalid(
      `${name}: holds no step times: make it with tailrace plan calibrate --records FILE --out ${name}`,
    );
  }
  return [{ path: ['stepTimes'], value: file.stepTimes, from: '--calibration' }];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const invalid = (message: string): TailraceError =>
  new TailraceError('TR_PLAN_INVALID', message, { field: 'calibration' });
