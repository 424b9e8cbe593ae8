import { XyChart } from '../charts/xy-chart.tsx';
import { formatCount, formatMean, formatUsd } from '../format.ts';
import { Failure } from '../shell/failure.tsx';
import { Panel } from '../ui/panel.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { Value } from '../ui/value.tsx';
import { JobLine } from './job-line.tsx';
import { formatRate } from './plan-format.ts';
import type { DoublingCurve } from './plan-shapes.ts';
import type { UsedPlan } from './use-plan.ts';

interface DoublingPanelProps {
  used: UsedPlan<DoublingCurve>;
  /** Traffic of the slider, requests a second. */
  nowPerS: number;
}

/** What the next unit costs when traffic doubles: the cheapest fleet of these accelerators over load. */
export function DoublingPanel({ used, nowPerS }: DoublingPanelProps) {
  return (
    <Panel
      id="plan-doubling"
      level={2}
      title="Cheapest fleet over traffic, and what doubling costs"
      aside={<JobLine used={used} what="the search" testId="doubling-state" />}
    >
      <Failure what="the cost of doubling" error={used.error} shownSinceMs={null} />
      {used.result === undefined ? null : <Curve curve={used.result} nowPerS={nowPerS} />}
    </Panel>
  );
}

function Curve({ curve, nowPerS }: { curve: DoublingCurve; nowPerS: number }) {
  const isNowhere = curve.points.every((one) => one.usdPerHour === null);
  return (
    <>
      {isNowhere ? (
        <p data-testid="no-fleet" className="text-sm text-warn">
          No fleet of these accelerators meets the targets at any of these loads: loosen the target
          that is missed above, or plan with another accelerator.
        </p>
      ) : (
        <CostCurve curve={curve} nowPerS={nowPerS} />
      )}
      <LoadTable curve={curve} />
    </>
  );
}

function CostCurve({ curve, nowPerS }: { curve: DoublingCurve; nowPerS: number }) {
  return (
    <XyChart
      testId="cost-curve"
      label={`Cost an hour of the cheapest fleet over traffic, from ${formatUsd(curve.points[0]?.usdPerHour ?? null)} to ${formatUsd(curve.points.at(-1)?.usdPerHour ?? null)}`}
      x={{ label: 'requests a second', format: formatMean, log: true }}
      y={{ label: 'an hour', format: formatUsd, spans: [0] }}
      marker={{ label: 'slider', x: nowPerS }}
      series={[
        {
          key: 'cost',
          label: 'Cheapest fleet that meets the targets, an hour',
          colour: 'var(--c-blue)',
          kind: 'steps',
          points: curve.points.map((one) => ({ x: one.ratePerS, y: one.usdPerHour })),
        },
      ]}
    />
  );
}

function LoadTable({ curve }: { curve: DoublingCurve }) {
  return (
    <ScrollTable label="Cost of the cheapest fleet over traffic">
      <thead>
        <tr>
          <HeadCell>Traffic</HeadCell>
          <HeadCell numeric>Accelerators</HeadCell>
          <HeadCell numeric>An hour</HeadCell>
          <HeadCell numeric>1,000 requests</HeadCell>
          <HeadCell numeric>Doubling adds an hour</HeadCell>
          <HeadCell numeric>Each 1,000 more</HeadCell>
          <HeadCell>What binds</HeadCell>
        </tr>
      </thead>
      <tbody>
        {curve.points.map((point) => (
          <LoadRow key={point.ratePerS} point={point} curve={curve} />
        ))}
      </tbody>
    </ScrollTable>
  );
}

interface LoadRowProps {
  point: DoublingCurve['points'][number];
  curve: DoublingCurve;
}

function LoadRow({ point, curve }: LoadRowProps) {
  const doubling = curve.doublings.find((one) => one.fromPerS === point.ratePerS);
  return (
    <tr data-testid="plan-load">
      <RowHead>{formatRate(point.ratePerS)}</RowHead>
      <Cell numeric>
        {point.best === null ? 'none meets the targets' : formatCount(point.best.accelerators)}
      </Cell>
      <Cell numeric>
        <Value value={point.usdPerHour} format={formatUsd} />
      </Cell>
      <Cell numeric>
        <Value value={point.averageUsdPer1000} format={formatUsd} />
      </Cell>
      <Cell numeric>
        {doubling === undefined ? null : (
          <Value value={doubling.extraUsdPerHour} format={formatUsd} testId="plan-doubling-adds" />
        )}
      </Cell>
      <Cell numeric>
        {doubling === undefined ? null : (
          <Value value={doubling.marginalUsdPer1000} format={formatUsd} />
        )}
      </Cell>
      <Cell className="text-ink-2">{point.bindsField ?? ''}</Cell>
    </tr>
  );
}
