import { z } from 'zod';

/**
 * Where a number comes from. `measured`: read from a meter, a clock or an engine's own report.
 * `modelled`: computed by a stated model (a roofline, a power curve). `estimated`: a stand-in for a
 * measurement that failed to arrive (tokens counted here because the engine did not say).
 * `unknown`: not known, and then the value is null, never zero.
 */
export const basis = z.enum(['measured', 'modelled', 'estimated', 'unknown']);
export type Basis = z.infer<typeof basis>;

const weakness: Record<Basis, number> = { measured: 0, modelled: 1, estimated: 2, unknown: 3 };

/** The weakest of several bases: a sum is only as good as its worst part. */
export function weakestBasis(all: Iterable<Basis>): Basis {
  let weakest: Basis | null = null;
  for (const one of all) {
    if (weakest === null || weakness[one] > weakness[weakest]) weakest = one;
  }
  return weakest ?? 'unknown';
}
