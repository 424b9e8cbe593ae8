import { UNKNOWN } from '../format.ts';
import type { Basis } from '../api/types.ts';

interface ValueProps {
  value: number | null;
  format: (value: number | null) => string;
  /** Names the figure for tests; its raw value is then in `data-value`. */
  testId?: string | undefined;
  className?: string;
}

/** One figure. Null reads `unknown` in a quieter voice, here and in `data-value`; never as zero. */
export function Value({ value, format, testId, className = '' }: ValueProps) {
  const known = value !== null;
  return (
    <span
      data-testid={testId}
      data-value={testId === undefined ? undefined : (value ?? UNKNOWN)}
      className={`whitespace-nowrap ${known ? className : 'font-normal text-ink-3 italic'}`}
    >
      {known ? format(value) : UNKNOWN}
    </span>
  );
}

/** Where a figure comes from. `measured` is the plain case and still said. */
export function BasisTag({ basis }: { basis: Basis }) {
  const strong = basis === 'measured' ? 'text-ink-3' : 'text-warn';
  return <span className={`text-2xs ${strong}`}>{basis}</span>;
}

/** What an unknown figure lacks, in words; nothing when nothing is missing. */
export function Missing({ items }: { items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <p className="text-xs break-words text-warn">
      <span className="font-medium">Missing:</span> {items.join('; ')}
    </p>
  );
}
