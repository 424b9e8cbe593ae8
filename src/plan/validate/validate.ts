import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TailraceError } from '../../records/errors.ts';
import { AICONFIGURATOR_SET, validateAiconfigurator } from './aiconfigurator.ts';
import { LLMSERVINGSIM_SET, validateLlmServingSim } from './llmservingsim.ts';
import { SPLITWISE_SET, validateSplitwiseSim } from './splitwise-sim.ts';
import type { SetValidation, ValidationRow } from './validation-row.ts';

/** One set of real measurements and how it is scored. `seen` are keys that a calibration has used. */
export interface ValidationSet {
  /** Folder under the data root. */
  name: string;
  validate: (dir: string, seen: ReadonlySet<string>) => Promise<SetValidation>;
}

/** Every set that can be validated, in the order of the table. */
export const validationSets: readonly ValidationSet[] = [
  { name: LLMSERVINGSIM_SET, validate: validateLlmServingSim },
  { name: SPLITWISE_SET, validate: validateSplitwiseSim },
  { name: AICONFIGURATOR_SET, validate: validateAiconfigurator },
];

export interface Validation {
  pass: boolean;
  rows: ValidationRow[];
  notes: string[];
}

/**
 * Scores the planner against the sets found under `data` (all of them, or the one named `only`), folders
 * of other names are not read. Throws TR_NOT_FOUND when there is none or no such folder, or what a set throws for data it cannot read.
 */
export async function validate(
  data: string,
  options: { only: string | null; seen: ReadonlySet<string>; onSet?: (name: string) => void },
): Promise<Validation> {
  const result: Validation = { pass: true, rows: [], notes: [] };
  for (const { name, validate: score } of chosenSets(data, options.only)) {
    options.onSet?.(name);
    const { rows, notes } = await score(join(data, name), options.seen);
    result.rows.push(...rows);
    result.notes.push(...notes.map((note) => `${name}: ${note}`));
  }
  result.pass = result.rows.length > 0 && result.rows.every((row) => row.pass);
  return result;
}

function chosenSets(data: string, only: string | null): ValidationSet[] {
  const names = validationSets.map(({ name }) => name).join(', ');
  if (only !== null && !validationSets.some(({ name }) => name === only)) {
    throw new TailraceError('TR_USAGE', `--only takes ${names}, not "${only}"`, { field: 'only' });
  }
  if (!existsSync(data)) {
    throw new TailraceError(
      'TR_NOT_FOUND',
      `${data}: there is no such folder: give --data a folder of measurements laid out like test/fixtures/planning ` +
        'of the repository (an installed package holds none)',
      { field: 'data' },
    );
  }
  const present = new Set(readdirSync(data));
  const chosen = validationSets.filter(
    ({ name }) => present.has(name) && (only === null || only === name),
  );
  if (chosen.length > 0) return chosen;
  throw new TailraceError(
    'TR_NOT_FOUND',
    `${data}: holds no folder of ${only ?? names}; give --data a folder laid out like test/fixtures/planning`,
    { field: 'data' },
  );
}
