import { TailraceError } from '../errors.ts';

/** TR_STEPS_INVALID that names file, line, field, what is wrong and what to do. */
export function stepLogError(
  place: { file: string; line: number },
  field: string,
  problem: string,
  fix: string,
): TailraceError {
  const message = `${place.file}: line ${place.line}: ${field}: ${problem}; ${fix}`;
  return new TailraceError('TR_STEPS_INVALID', message, { field });
}
