import type { LatencyAnswer, ServiceAnswer } from '../api/types.ts';
import { formatCount, formatMs, UNKNOWN } from '../format.ts';
import { Badge } from '../ui/badge.tsx';
import { Panel } from '../ui/panel.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { Value } from '../ui/value.tsx';
import { METRICS } from '../words.ts';
import { answerId } from './answer-id.ts';
import { TailCauses } from './tail-causes.tsx';
import { sectionTitleId } from './section-id.ts';

/** Answer 1: is it fast enough, against its targets, and where the slow requests' time goes. */
export function LatencyPanel({ answer, id }: { answer: ServiceAnswer; id: string }) {
  return (
    <Panel id={id} of={sectionTitleId(answer.service)} title="Latency against target">
      <ScrollTable label={`Latency of ${answer.service} against target`}>
        <thead>
          <tr>
            <HeadCell>Metric</HeadCell>
            <HeadCell numeric>p50</HeadCell>
            <HeadCell numeric>p95</HeadCell>
            <HeadCell numeric>p99</HeadCell>
            <HeadCell numeric>Values</HeadCell>
          </tr>
        </thead>
        <tbody>
          {answer.latency.map((one) => (
            <MetricRow key={one.metric} service={answer.service} latency={one} />
          ))}
        </tbody>
      </ScrollTable>
      <TailCauses service={answer.service} tail={answer.tail} />
    </Panel>
  );
}

function MetricRow({ service, latency }: { service: string; latency: LatencyAnswer }) {
  const { metric } = latency;
  const { short, long } = METRICS[metric];
  return (
    <tr>
      <RowHead className="align-top">
        <abbr title={long} className="no-underline">
          {short}
        </abbr>
        <div className="mt-0.5">
          <MetBadge latency={latency} />
        </div>
      </RowHead>
      <Cell numeric className="align-top">
        <Value
          value={latency.p50Ms}
          format={formatMs}
          testId={answerId(service, `${metric}-p50`)}
        />
      </Cell>
      <Cell numeric className="align-top">
        <Percentile
          valueMs={latency.p95Ms}
          tooFew={latency.p95TooFew && latency.count > 0}
          targetMs={latency.targetP95Ms}
          testId={answerId(service, `${metric}-p95`)}
        />
      </Cell>
      <Cell numeric className="align-top">
        <Percentile
          valueMs={latency.p99Ms}
          tooFew={latency.p99TooFew && latency.count > 0}
          targetMs={latency.targetP99Ms}
          testId={answerId(service, `${metric}-p99`)}
        />
      </Cell>
      <Cell numeric className="align-top">
        <Value
          value={latency.count}
          format={formatCount}
          testId={answerId(service, `${metric}-count`)}
        />
      </Cell>
    </tr>
  );
}

function MetBadge({ latency }: { latency: LatencyAnswer }) {
  const hasTarget = latency.targetP95Ms !== null || latency.targetP99Ms !== null;
  if (!hasTarget) return <Badge tone="neutral">no target</Badge>;
  if (latency.met === null) return <Badge tone="warn">not checked</Badge>;
  return latency.met ? <Badge tone="good">met</Badge> : <Badge tone="bad">missed</Badge>;
}

interface PercentileProps {
  valueMs: number | null;
  tooFew: boolean;
  targetMs: number | null;
  testId: string;
}

/** The real figure over its target; `too few` where the sample cannot carry it. */
function Percentile({ valueMs, tooFew, targetMs, testId }: PercentileProps) {
  const over = valueMs !== null && targetMs !== null && valueMs > targetMs;
  return (
    <>
      {tooFew && valueMs === null ? (
        <span data-testid={testId} data-value={UNKNOWN} className="text-ink-3 italic">
          too few
        </span>
      ) : (
        <Value
          value={valueMs}
          format={formatMs}
          testId={testId}
          className={over ? 'font-semibold text-bad' : 'font-semibold'}
        />
      )}
      {targetMs === null ? null : (
        <>
          <div className="text-2xs text-ink-3">
            {over ? 'over ' : 'of '}
            {formatMs(targetMs)}
          </div>
          {valueMs === null ? null : <TargetBar share={valueMs / targetMs} over={over} />}
        </>
      )}
    </>
  );
}

/** Full width is twice the target, so that the mark in the middle is the target itself. */
function TargetBar({ share, over }: { share: number; over: boolean }) {
  return (
    <div aria-hidden="true" className="relative ms-auto mt-0.5 h-[3px] w-14 bg-sunken">
      <div
        className="h-full"
        style={{
          width: `${Math.min(share / 2, 1) * 100}%`,
          background: over ? 'var(--c-red)' : 'var(--c-green)',
        }}
      />
      <div className="absolute -top-px left-1/2 h-[5px] w-px bg-ink-2" />
    </div>
  );
}
