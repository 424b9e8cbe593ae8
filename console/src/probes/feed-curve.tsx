import { XyChart } from '../charts/xy-chart.tsx';
import { formatCount, formatShare, formatUsd } from '../format.ts';
import { Badge } from '../ui/badge.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import type { StorageReport } from './report-shapes.ts';

/** How well a storage feeds so many accelerators: AU as published, and over the wall, which is what the bill counts. */
export function FeedCurve({ report }: { report: StorageReport }) {
  const { curve, auThreshold, fed, atLeast, lost } = report;
  const [first] = lost;
  const highest = Math.max(...curve.map((one) => one.accelerators));
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm">
        {fed === null ? (
          `Measured at ${formatCount(highest)} accelerators`
        ) : (
          <>
            Feeds{' '}
            <strong data-testid="storage-fed" data-value={fed}>
              {atLeast ? 'at least ' : ''}
              {formatCount(fed)} {report.accelerator} accelerators
            </strong>
          </>
        )}{' '}
        with {report.workload} at {formatShare(auThreshold)} AU.{' '}
        {first === undefined ? null : (
          <>
            At {formatCount(first.accelerators)},{' '}
            <strong>{formatUsd(first.usdPerDay)} a day</strong> waits for data (
            {formatShare(first.lostShare)}).
          </>
        )}
      </p>
      <XyChart
        testId="feed-curve"
        label={`AU over accelerators of ${report.workload}, threshold ${formatShare(auThreshold)}`}
        x={{ label: 'accelerators', format: formatCount, spans: [1, 2] }}
        y={{ label: 'accelerator utilization', format: formatShare, spans: [0, 1] }}
        limits={[{ label: `threshold ${formatShare(auThreshold)}`, y: auThreshold }]}
        series={[
          {
            key: 'au',
            label: 'AU (published figure)',
            colour: 'var(--c-blue)',
            points: curve.map((one) => ({ x: one.accelerators, y: one.au })),
          },
          {
            key: 'wall',
            label: 'AU over the wall (what is paid for)',
            colour: 'var(--c-amber)',
            points: curve.map((one) => ({ x: one.accelerators, y: one.wallAu })),
          },
        ]}
      />
      <ScrollTable label={`AU of ${report.workload} by accelerators`}>
        <thead>
          <tr>
            <HeadCell>Accelerators</HeadCell>
            <HeadCell numeric>AU</HeadCell>
            <HeadCell numeric>Wall AU</HeadCell>
            <HeadCell>Fed</HeadCell>
          </tr>
        </thead>
        <tbody>
          {curve.map((one) => (
            <tr key={one.accelerators} data-testid="feed-point">
              <RowHead>{formatCount(one.accelerators)}</RowHead>
              <Cell numeric>{formatShare(one.au)}</Cell>
              <Cell numeric>{formatShare(one.wallAu)}</Cell>
              <Cell>
                {one.au >= auThreshold ? (
                  <Badge tone="good">fed</Badge>
                ) : (
                  <Badge tone="bad">starved</Badge>
                )}
              </Cell>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </div>
  );
}
