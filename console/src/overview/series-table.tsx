import type { Series } from '../api/types.ts';
import { formatCount, formatMs, formatStep, formatUsd } from '../format.ts';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { Value } from '../ui/value.tsx';
import { METRICS } from '../words.ts';

/** The figures of both charts, newest first, for readers and for copying. */
export function SeriesTable({ series, label }: { series: Series; label: string }) {
  const { steps, metric } = series;
  const spanMs = (steps.at(-1)?.toMs ?? 0) - (steps[0]?.fromMs ?? 0);
  const name = METRICS[metric].short;
  const withRequests = steps.filter((step) => step.requests > 0).toReversed();
  if (withRequests.length === 0) {
    return <p className="text-xs text-ink-3">No request in this window.</p>;
  }
  return (
    <ScrollTable label={label} tall>
      <thead>
        <tr>
          <HeadCell>From</HeadCell>
          <HeadCell numeric>Requests</HeadCell>
          <HeadCell numeric>Failed</HeadCell>
          <HeadCell numeric>{name} values</HeadCell>
          <HeadCell numeric>p50</HeadCell>
          <HeadCell numeric>p95</HeadCell>
          <HeadCell numeric>p99</HeadCell>
          <HeadCell numeric>Usage cost</HeadCell>
        </tr>
      </thead>
      <tbody>
        {withRequests.map((step) => (
          <tr key={step.fromMs}>
            <RowHead>{formatStep(step.fromMs, spanMs)}</RowHead>
            <Cell numeric>{formatCount(step.requests)}</Cell>
            <Cell numeric>{formatCount(step.failed)}</Cell>
            <Cell numeric>{formatCount(step[metric].count)}</Cell>
            <Cell numeric>
              <Value value={step[metric].p50Ms} format={formatMs} />
            </Cell>
            <Cell numeric>
              <Value value={step[metric].p95Ms} format={formatMs} />
            </Cell>
            <Cell numeric>
              <Value value={step[metric].p99Ms} format={formatMs} />
            </Cell>
            <Cell numeric>
              <Value value={step.usageUsd} format={formatUsd} />
            </Cell>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
