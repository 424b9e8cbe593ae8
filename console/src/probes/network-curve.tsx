import { XyChart } from '../charts/xy-chart.tsx';
import { formatCount, formatMean, formatMs } from '../format.ts';
import type { NetworkReport } from './report-shapes.ts';

const formatGbit = (gbit: number): string => `${formatMean(gbit)}\u00a0Gbit/s`;

/** Bandwidth over flows to one peer, and what load does to the tail of a round trip. */
export function NetworkCurve({ report }: { report: NetworkReport }) {
  return (
    <div>
      <p className="text-sm">
        {report.peer}: a round trip&rsquo;s p99 is {formatMs(report.idleP99Ms)} idle and{' '}
        <strong>{formatMs(report.loadedP99Ms)} under load</strong>.
      </p>
      <XyChart
        testId="network-curve"
        label={`Bandwidth over flows to ${report.peer}`}
        x={{ label: 'flows at once', format: formatCount, log: true }}
        y={{ label: 'Gbit/s', format: formatGbit, spans: [0, 1] }}
        series={[
          {
            key: 'send',
            label: 'Sent',
            colour: 'var(--c-blue)',
            points: report.byFlows.map((one) => ({ x: one.flows, y: one.sendGbit })),
          },
          {
            key: 'receive',
            label: 'Received',
            colour: 'var(--c-teal)',
            points: report.byFlows.map((one) => ({ x: one.flows, y: one.receiveGbit })),
          },
        ]}
      />
    </div>
  );
}
