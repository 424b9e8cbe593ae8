import type { ReactNode } from 'react';

interface ScrollTableProps {
  /** Names the table and the box that scrolls. */
  label: string;
  children: ReactNode;
  /** Many rows: it then also scrolls up and down by itself. */
  tall?: boolean;
}

/** A table that scrolls sideways by itself, also by keyboard, so that the page never does. */
export function ScrollTable({ label, children, tall = false }: ScrollTableProps) {
  return (
    // A scrolling box must be reachable by keyboard (WCAG 2.1.1).
    <div
      role="group"
      aria-label={label}
      tabIndex={0}
      className={`min-w-0 overflow-x-auto ${tall ? 'max-h-96 overflow-y-auto print:max-h-none' : ''}`}
    >
      <table aria-label={label} className="w-full border-collapse text-xs">
        {children}
      </table>
    </div>
  );
}

interface CellProps {
  children?: ReactNode;
  /** Numbers stand right so that their digits line up. */
  numeric?: boolean;
  className?: string;
}

export function HeadCell({ children, numeric = false, className = '' }: CellProps) {
  return (
    <th
      scope="col"
      className={`px-2 py-1 whitespace-nowrap text-ink-3 first:ps-0 last:pe-0 ${numeric ? 'text-end' : ''} ${className}`}
    >
      {children}
    </th>
  );
}

export function Cell({ children, numeric = false, className = '' }: CellProps) {
  return (
    <td
      className={`border-t border-line px-2 py-1 first:ps-0 last:pe-0 ${numeric ? 'text-end whitespace-nowrap' : ''} ${className}`}
    >
      {children}
    </td>
  );
}

/** The cell that names its row. */
export function RowHead({ children, className = '' }: CellProps) {
  return (
    <th
      scope="row"
      className={`border-t border-line px-2 py-1 font-medium first:ps-0 ${className}`}
    >
      {children}
    </th>
  );
}
