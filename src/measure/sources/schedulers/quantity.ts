/** Factors of the suffixes of a Kubernetes quantity (apimachinery, api/resource/quantity.go). */
const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i))?$/;

/** A quantity such as `100m`, `1.5`, `16Gi` or `1e3` in its own unit; null when it is not one. */
export function parseQuantity(text: string | number): number | null {
  const match = QUANTITY.exec(String(text));
  if (match === null) return null;
  const [, digits = '', exponent = '', suffix = ''] = match;
  const value = Number(`${digits}${exponent}`) * (FACTORS[suffix] ?? Number.NaN);
  return Number.isFinite(value) ? value : null;
}
