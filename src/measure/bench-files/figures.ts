/** Figures of tables, as a person reads them. */

export const percent = (share: number | null, digits = 1): string =>
  share === null ? 'unknown' : `${(share * 100).toFixed(digits)} %`;

/** Three significant digits, without an exponent up to millions. */
export const three = (value: number | null): string => {
  if (value === null) return 'unknown';
  return Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString('en-US')
    : String(Number(value.toPrecision(3)));
};

/** `128 KiB`, `2 GiB`: message sizes of benchmarks are powers of two. */
export function binarySize(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${three(bytes / 1024 ** power)} ${units[power] ?? 'B'}`;
}
