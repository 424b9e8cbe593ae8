import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Metric, PlanBody, ServiceAnswer } from '../api/types.ts';
import { useApp } from '../app-context.ts';
import { XyChart, type XySeries } from '../charts/xy-chart.tsx';
import { formatMean, formatMs } from '../format.ts';
import { Button } from '../ui/button.tsx';
import { Panel } from '../ui/panel.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Value } from '../ui/value.tsx';
import { METRIC_OPTIONS, METRICS } from '../words.ts';
import { formatRate } from './plan-format.ts';
import { planQuery, scaledPlan } from './plan-queries.ts';
import type { ServePrediction } from './plan-shapes.ts';
import { sloOf } from './slo-of.ts';

/** Half doublings of the measured load at which the curve is simulated; the slider stops there too. */
const STOPS = [-4, -2, 0, 2, 4, 6, 8] as const;
const KEYS = { ttft: 'ttftMs', tpot: 'tpotMs', e2e: 'e2eMs' } as const;
const STATS = [
  { stat: 'p50', colour: 'var(--c-sky)' },
  { stat: 'p95', colour: 'var(--c-blue)' },
  { stat: 'p99', colour: 'var(--c-violet)' },
] as const;

interface LoadPanelProps {
  plan: PlanBody;
  ratePerS: number;
  factor: number;
  answer: ServiceAnswer | undefined;
  /** Another plan is computed first: only two run at once. */
  waits: boolean;
}

/** Latency percentiles of today's fleet over traffic, against the target, one load after the other. */
export function LoadPanel({ plan, ratePerS, factor, answer, waits }: LoadPanelProps) {
  const [metric, setMetric] = useState<Metric>('e2e');
  const { points, isRunning, isStopped, toggle } = useLoadCurve(plan, waits);
  const known = points.filter((one) => one !== null);
  return (
    <Panel
      id="plan-load-curve"
      level={2}
      title="Latency over traffic, with today's fleet"
      aside={
        <>
          <span role="status" data-testid="curve-state" className="text-xs text-ink-3">
            {isStopped ? 'stopped' : isRunning || waits ? 'simulating…' : 'predicted'},{' '}
            {known.length} of {STOPS.length}
          </span>
          {isRunning || isStopped ? (
            <Button onClick={toggle}>{isStopped ? 'Go on' : 'Cancel the curve'}</Button>
          ) : null}
          <Segmented
            label="Metric of the curve"
            value={metric}
            options={METRIC_OPTIONS}
            onChange={setMetric}
          />
        </>
      }
    >
      <Curve
        metric={metric}
        points={known}
        limits={limitsOf(plan, metric)}
        measured={{ ratePerS, p99Ms: measuredOf(answer, metric) }}
        nowPerS={ratePerS * factor}
      />
      <PointTable metric={metric} points={known} />
    </Panel>
  );
}

const measuredOf = (answer: ServiceAnswer | undefined, metric: Metric): number | null =>
  answer?.latency.find((one) => one.metric === metric)?.p99Ms ?? null;

/** Targets of the metric; two of one value share a line. */
function limitsOf(plan: PlanBody, metric: Metric): Array<{ label: string; y: number }> {
  const names = new Map<number, string[]>();
  for (const stat of ['p95', 'p99'] as const) {
    const ms = sloOf(plan, KEYS[metric], stat);
    if (ms !== null) names.set(ms, [...(names.get(ms) ?? []), stat]);
  }
  return [...names].map(([y, stats]) => ({
    label: `${stats.join(' and ')} target ${formatMs(y)}`,
    y,
  }));
}

/** Each load is a job of its own; the next begins when the one before has ended. */
function useLoadCurve(plan: PlanBody, waits: boolean) {
  const { client } = useApp();
  const queries = useQueryClient();
  const [isStopped, setStopped] = useState(false);
  const [ended, setEnded] = useState(0);
  const asks = STOPS.map((halves, index) => {
    const at = scaledPlan(plan, 2 ** (halves / 2));
    const { placeholderData: _none, ...query } = planQuery<ServePrediction>(client, 'serve', at);
    return { ...query, enabled: !waits && !isStopped && index <= ended };
  });
  const results = useQueries({ queries: asks });
  const open = results.findIndex((one) => one.data === undefined && one.error === null);
  const settled = open === -1 ? STOPS.length : open;
  if (settled !== ended) setEnded(settled);
  const toggle = (): void => {
    const current = asks[settled];
    if (!isStopped && current !== undefined) {
      void queries.cancelQueries({ queryKey: current.queryKey, exact: true });
    }
    setStopped(!isStopped);
  };
  return {
    points: results.map((one) => one.data ?? null),
    isRunning: !isStopped && settled < STOPS.length,
    isStopped,
    toggle,
  };
}

interface CurveProps {
  metric: Metric;
  points: readonly ServePrediction[];
  limits: Array<{ label: string; y: number }>;
  measured: { ratePerS: number; p99Ms: number | null };
  nowPerS: number;
}

function Curve({ metric, points, limits, measured, nowPerS }: CurveProps) {
  if (points.length === 0) return null;
  const lines: XySeries[] = STATS.map(({ stat, colour }) => ({
    key: stat,
    label: `${stat} predicted`,
    colour,
    points: points.map((one) => ({ x: one.ratePerS, y: one.latency[KEYS[metric]][stat].value })),
  }));
  const seen: XySeries = {
    key: 'measured',
    label: `p99 measured now: ${formatMs(measured.p99Ms)}`,
    colour: 'var(--c-amber)',
    kind: 'dots',
    points: [{ x: measured.ratePerS, y: measured.p99Ms }],
  };
  const worst = points.at(-1)?.latency[KEYS[metric]].p99.value ?? null;
  return (
    <XyChart
      testId="load-curve"
      label={`${METRICS[metric].long} over traffic; p99 ${formatMs(worst)} at the highest load simulated`}
      x={{ label: 'requests a second', format: formatMean, log: true }}
      y={{ label: METRICS[metric].short, format: formatMs, log: true }}
      limits={limits}
      marker={{ label: 'slider', x: nowPerS }}
      series={[...lines, seen]}
    />
  );
}

function PointTable({ metric, points }: { metric: Metric; points: readonly ServePrediction[] }) {
  return (
    <ScrollTable label={`${METRICS[metric].long} over traffic`}>
      <thead>
        <tr>
          <HeadCell>Traffic</HeadCell>
          {STATS.map(({ stat }) => (
            <HeadCell key={stat} numeric>
              {stat}
            </HeadCell>
          ))}
          <HeadCell numeric>p99 between</HeadCell>
          <HeadCell>Targets missed</HeadCell>
        </tr>
      </thead>
      <tbody>
        {points.map((one) => {
          const { p99 } = one.latency[KEYS[metric]];
          return (
            <tr key={one.ratePerS} data-testid="curve-point">
              <RowHead>{formatRate(one.ratePerS)}</RowHead>
              {STATS.map(({ stat }) => (
                <Cell key={stat} numeric>
                  <Value value={one.latency[KEYS[metric]][stat].value} format={formatMs} />
                </Cell>
              ))}
              <Cell numeric>
                {formatMs(p99.lowest)} and {formatMs(p99.highest)}
              </Cell>
              <Cell className="text-bad">
                {one.evaluation.violations.map(({ field }) => field).join(', ')}
              </Cell>
            </tr>
          );
        })}
      </tbody>
    </ScrollTable>
  );
}
