import { formatShare, UNKNOWN } from '../format.ts';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { Value } from '../ui/value.tsx';
import type { Column } from './columns.ts';
import { maxOf, meanOf, subjectKey, subjectName, type DeviceRow } from './device-rows.ts';

/** Rows that a page can carry. */
const MAX_ROWS = 100;

interface ResourceTableProps {
  label: string;
  rows: readonly DeviceRow[];
  columns: readonly Column[];
}

/** Means of the window, a device a row. Columns that no row knows are left out. */
export function ResourceTable({ label, rows, columns }: ResourceTableProps) {
  const known = columns.filter((column) => rows.some((row) => row.series.has(column.metric)));
  return (
    <div>
      <ScrollTable label={label} tall={rows.length > 20}>
        <thead>
          <tr>
            <HeadCell>Name</HeadCell>
            <HeadCell>Model</HeadCell>
            {known.map((column) => (
              <HeadCell key={column.label} numeric>
                <abbr title={column.title} className="no-underline">
                  {column.label}
                </abbr>
              </HeadCell>
            ))}
            <HeadCell numeric>Known</HeadCell>
            <HeadCell>Source</HeadCell>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MAX_ROWS).map((row) => (
            <Row key={subjectKey(row.subject)} row={row} columns={known} />
          ))}
        </tbody>
      </ScrollTable>
      {rows.length > MAX_ROWS ? (
        <p className="mt-1 text-xs text-ink-3">
          The first {MAX_ROWS} of {rows.length}.
        </p>
      ) : null}
    </div>
  );
}

function Row({ row, columns }: { row: DeviceRow; columns: readonly Column[] }) {
  const shares = columns.flatMap((column) => row.series.get(column.metric)?.knownShare ?? []);
  const knownShare = shares.length === 0 ? null : Math.min(...shares);
  return (
    <tr>
      <RowHead className="whitespace-nowrap">{subjectName(row.subject)}</RowHead>
      <Cell className="whitespace-nowrap text-ink-2">{row.subject.model ?? UNKNOWN}</Cell>
      {columns.map((column) => (
        <Cell key={column.label} numeric>
          <Value
            value={(column.pick === 'max' ? maxOf : meanOf)(row, column.metric)}
            format={column.format}
            testId={`resource-${row.subject.id}-${column.metric}${column.pick === 'max' ? '-max' : ''}`}
          />
        </Cell>
      ))}
      <Cell numeric className="text-ink-3">
        {formatShare(knownShare)}
      </Cell>
      <Cell className="whitespace-nowrap text-ink-3">
        {row.sources.join(', ')}
        {row.bases.includes('modelled') ? ' (modelled)' : ''}
      </Cell>
    </tr>
  );
}
