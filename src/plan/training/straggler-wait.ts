/**
 * How much longer the slowest of `count` alike and independent parts takes than the mean, in
 * standard deviations: the expected maximum of normal samples by Blom's approximation, the quantile
 * at (n - 0.375) / (n + 0.25) ("Statistical Estimates and Transformed Beta-Variables", 1958);
 * within 5 % from n = 2, 1 % from 10.
 */
export const expectedMaximum = (count: number): number =>
  count <= 1 ? 0 : normalUpperQuantile(0.625 / (count + 0.25));

/**
 * z with P(Z > z) = tail, for tail up to 1/2; error under 4.5e-4 (Abramowitz and Stegun, 26.2.23).
 */
function normalUpperQuantile(tail: number): number {
  const t = Math.sqrt(-2 * Math.log(tail));
  const above = 2.515517 + 0.802853 * t + 0.010328 * t * t;
  const below = 1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3;
  return t - above / below;
}

/**
 * Seconds a synchronous step waits for its slowest accelerator: what the permanently slow one takes
 * longer, and the largest of the random differences.
 */
export const stragglerWaitS = (
  computeS: number,
  accelerators: number,
  stragglers: { variation: number; slowestPercent: number },
): number =>
  computeS *
  (stragglers.slowestPercent / 100 + stragglers.variation * expectedMaximum(accelerators));
