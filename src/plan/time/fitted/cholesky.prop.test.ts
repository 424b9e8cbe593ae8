import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factorize, invert, solve } from './cholesky.ts';

/** A A^T + I of a random square matrix: positive definite. */
const positiveDefinite = fc.integer({ min: 1, max: 8 }).chain((n) =>
  fc
    .array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: n * n, maxLength: n * n })
    .map((a) => {
      const matrix = new Float64Array(n * n);
      for (let i = 0; i < n; i += 1) {
        for (let j = 0; j < n; j += 1) {
          let sum = i === j ? 1 : 0;
          for (let k = 0; k < n; k += 1) sum += (a[i * n + k] ?? 0) * (a[j * n + k] ?? 0);
          matrix[i * n + j] = sum;
        }
      }
      return { n, matrix };
    }),
);

const times = (matrix: Float64Array, n: number, x: ArrayLike<number>): number[] =>
  Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j += 1) sum += (matrix[i * n + j] ?? 0) * (x[j] ?? 0);
    return sum;
  });

describe('cholesky', () => {
  it('solves and inverts', () => {
    fc.assert(
      fc.property(positiveDefinite, ({ n, matrix }) => {
        const b = Array.from({ length: n }, (_, i) => i + 1);
        const factor = factorize(matrix.slice(), n);
        times(matrix, n, solve(factor, n, b)).forEach((value, i) =>
          expect(value).toBeCloseTo(b[i] ?? 0, 6),
        );
        const inverse = invert(factor, n);
        for (let column = 0; column < n; column += 1) {
          const unit = inverse.subarray(column * n, column * n + n);
          times(matrix, n, unit).forEach((value, i) =>
            expect(value).toBeCloseTo(i === column ? 1 : 0, 6),
          );
        }
      }),
    );
  });

  it('refuses a matrix that is not positive definite', () => {
    expect(() => factorize(Float64Array.of(1, 2, 2, 1), 2)).toThrow(/positive definite at row 1/);
  });
});
