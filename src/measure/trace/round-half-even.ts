/** Rounds to `digits` decimals, halves to the even neighbour, as NumPy and pandas do. */
export function roundTo(value: number, digits: number): number {
  const scale = 10 ** digits;
  const scaled = value * scale;
  const floor = Math.floor(scaled);
  const half = scaled - floor;
  if (half !== 0.5) return Math.round(scaled) / scale;
  return (floor % 2 === 0 ? floor : floor + 1) / scale;
}
