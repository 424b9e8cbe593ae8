const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const SPECIAL = /^(?:([+-]?)inf(?:inity)?|nan)$/i;

/** As Go's ParseFloat without `p` and `_`: what overflows is no number. Null for anything else. */
export function readFloat(word: string): number | null {
  if (NUMBER.test(word)) {
    const value = Number(word);
    return Number.isFinite(value) ? value : null;
  }
  const special = SPECIAL.exec(word);
  if (special === null) return null;
  if (special[1] === undefined) return Number.NaN;
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
