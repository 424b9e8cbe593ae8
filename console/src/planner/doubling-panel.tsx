import { useQuery } from '@tanstack/react-query';
import type { PlanBody } from '../api/types.ts';
import { useApp } from '../app-context.ts';
import { formatUsd } from '../format.ts';
import { Failure } from '../shell/failure.tsx';
import { Loading } from '../ui/notice.tsx';
import { Panel } from '../ui/panel.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { Value } from '../ui/value.tsx';
import { formatRate } from './plan-format.ts';
import { planQuery } from './plan-queries.ts';
import type { DoublingCurve } from './plan-shapes.ts';

/** What the next unit costs when traffic doubles: the cheapest fleet of these accelerators over load. */
export function DoublingPanel({ plan }: { plan: PlanBody }) {
  const { client } = useApp();
  const { data, error } = useQuery(planQuery<DoublingCurve>(client, 'double', plan));
  return (
    <Panel
      id="plan-doubling"
      level={2}
      title="Cheapest fleet over traffic, and what doubling costs"
    >
      <Failure what="the cost of doubling" error={error} shownSinceMs={null} />
      {data === undefined && error === null ? <Loading what="the cost of doubling" /> : null}
      {data === undefined ? null : <Curve curve={data} />}
    </Panel>
  );
}

function Curve({ curve }: { curve: DoublingCurve }) {
  const most = Math.max(1, ...curve.points.map((point) => point.usdPerHour ?? 0));
  return (
    <ScrollTable label="Cost of the cheapest fleet over traffic">
      <thead>
        <tr>
          <HeadCell>Traffic</HeadCell>
          <HeadCell numeric>Accelerators</HeadCell>
          <HeadCell numeric>An hour</HeadCell>
          <HeadCell numeric>1,000 requests</HeadCell>
          <HeadCell numeric>Doubling adds an hour</HeadCell>
          <HeadCell>Cost</HeadCell>
        </tr>
      </thead>
      <tbody>
        {curve.points.map((point) => {
          const doubling = curve.doublings.find((one) => one.fromPerS === point.ratePerS);
          return (
            <tr key={point.ratePerS} data-testid="plan-load">
              <RowHead>{formatRate(point.ratePerS)}</RowHead>
              <Cell numeric>{point.best?.accelerators ?? 'none meets the targets'}</Cell>
              <Cell numeric>
                <Value value={point.usdPerHour} format={formatUsd} />
              </Cell>
              <Cell numeric>
                <Value value={point.averageUsdPer1000} format={formatUsd} />
              </Cell>
              <Cell numeric>
                {doubling === undefined ? (
                  ''
                ) : (
                  <Value
                    value={doubling.extraUsdPerHour}
                    format={formatUsd}
                    testId="plan-doubling-adds"
                  />
                )}
              </Cell>
              <Cell>
                <meter
                  aria-label="Share of the largest cost"
                  max={most}
                  value={point.usdPerHour ?? 0}
                  className="w-24"
                />
              </Cell>
            </tr>
          );
        })}
      </tbody>
    </ScrollTable>
  );
}
