import type { z } from 'zod';
import { TailraceError } from '../../records/errors.ts';

/** TR_BENCH_INVALID that names the file, the place in it, what is wrong and what to do. */
export function benchError(file: string, place: string, problem: string, fix: string) {
  return new TailraceError('TR_BENCH_INVALID', `${file}: ${place}: ${problem}; ${fix}`, {
    field: place,
  });
}

/** The first problem that zod found, with the path of its field. */
export function schemaError(file: string, error: z.ZodError, fix: string): TailraceError {
  const [issue] = error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  return benchError(file, path === '' ? 'file' : path, issue?.message ?? 'not valid', fix);
}

/** Parses JSON text; `NaN` and `Infinity`, which Python writes, are not JSON and are refused. */
export function parseJson(text: string, file: string, fix: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'cannot be read';
    throw benchError(file, 'JSON', problem.slice(0, 120), fix);
  }
}
