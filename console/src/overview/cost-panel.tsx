import type { CostAnswer, ServiceAnswer } from '../api/types.ts';
import { formatUsd } from '../format.ts';
import { Badge } from '../ui/badge.tsx';
import { Panel, PanelHeading } from '../ui/panel.tsx';
import { StackedBar, Swatch } from '../ui/stacked-bar.tsx';
import { BasisTag, Missing, Value } from '../ui/value.tsx';
import { answerId } from './answer-id.ts';
import { CostByFeature } from './cost-by-feature.tsx';
import { sectionTitleId } from './section-id.ts';

const KINDS: Record<CostAnswer['kind'], string> = {
  api: 'API prices',
  rented: 'rented accelerators',
  owned: 'owned accelerators',
  mixed: 'mixed cost bases',
  unknown: 'cost basis unknown',
};

type NameFigure = (name: string) => string;

/** Answer 2: what a request costs, what idle time adds, and what the next ones would cost. */
export function CostPanel({ answer, id }: { answer: ServiceAnswer; id: string }) {
  const { cost, service } = answer;
  const figure = (name: string): string => answerId(service, name);
  return (
    <Panel
      id={id}
      of={sectionTitleId(service)}
      title="Cost"
      aside={
        <>
          <Badge tone="neutral">{KINDS[cost.kind]}</Badge>
          <BasisTag basis={cost.basis} />
        </>
      }
    >
      <dl className="grid grid-cols-3 gap-x-2">
        <Unit label="Per request" value={cost.perRequestUsd} testId={figure('cost-per-request')} />
        <Unit
          label="Per 1k requests"
          value={cost.per1kRequestsUsd}
          testId={figure('cost-per-1k')}
        />
        <Unit label="Per M tokens" value={cost.perMTokenUsd} testId={figure('cost-per-mtok')} />
      </dl>
      <p className="-mt-2 text-xs text-ink-3">
        M input tokens{' '}
        <Value
          value={cost.perMInputTokenUsd}
          format={formatUsd}
          testId={figure('cost-per-mtok-in')}
          className="text-ink-2"
        />
        , M output tokens{' '}
        <Value
          value={cost.perMOutputTokenUsd}
          format={formatUsd}
          testId={figure('cost-per-mtok-out')}
          className="text-ink-2"
        />
      </p>
      <UsageAndIdle cost={cost} figure={figure} />
      <Marginal marginal={cost.marginal} figure={figure} />
      <CostByFeature service={service} rows={cost.byFeature} />
      <Missing items={cost.missing} />
    </Panel>
  );
}

function Unit({ label, value, testId }: { label: string; value: number | null; testId: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-2xs text-ink-3">{label}</dt>
      <dd className="text-base">
        <Value value={value} format={formatUsd} testId={testId} className="font-semibold" />
      </dd>
    </div>
  );
}

/** Allocated money = usage + the idle gap; the bar only where all three are known. */
function UsageAndIdle({ cost, figure }: { cost: CostAnswer; figure: NameFigure }) {
  const { usageUsd, allocatedUsd, idleUsd } = cost;
  const rows = [
    {
      label: 'Usage',
      hint: 'the work itself',
      value: usageUsd,
      key: 'cost-usage',
      colour: 'var(--c-blue)',
    },
    {
      label: 'Idle gap',
      hint: 'paid, not used',
      value: idleUsd,
      key: 'cost-idle',
      colour: 'var(--c-slate)',
    },
    {
      label: 'Allocated',
      hint: 'with idle time',
      value: allocatedUsd,
      key: 'cost-allocated',
      colour: null,
    },
  ];
  const known = usageUsd !== null && idleUsd !== null && allocatedUsd !== null && allocatedUsd > 0;
  return (
    <div>
      <PanelHeading>Money of the window</PanelHeading>
      {known ? (
        <StackedBar
          label={`Usage ${formatUsd(usageUsd)} and idle ${formatUsd(idleUsd)} of ${formatUsd(allocatedUsd)}`}
          segments={[
            {
              key: 'usage',
              label: `Usage: ${formatUsd(usageUsd)}`,
              share: Math.min(usageUsd / allocatedUsd, 1),
              colour: 'var(--c-blue)',
            },
            {
              key: 'idle',
              label: `Idle: ${formatUsd(idleUsd)}`,
              share: Math.max(idleUsd / allocatedUsd, 0),
              colour: 'var(--c-slate)',
            },
          ]}
        />
      ) : null}
      <ul className="mt-2 flex flex-col gap-0.5 text-xs">
        {rows.map((row) => (
          <li key={row.key} className="flex items-center gap-2">
            <Swatch colour={row.colour ?? 'transparent'} />
            <span className="flex-1 text-ink-2">
              {row.label} <span className="text-ink-3">{row.hint}</span>
            </span>
            <Value
              value={row.value}
              format={formatUsd}
              testId={figure(row.key)}
              className="font-medium"
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface MarginalProps {
  marginal: CostAnswer['marginal'];
  figure: NameFigure;
}

function Marginal({ marginal, figure }: MarginalProps) {
  return (
    <div>
      <PanelHeading aside={<BasisTag basis={marginal.basis} />}>
        Next request if traffic doubles
      </PanelHeading>
      <p className="text-xs text-ink-2">
        <Value
          value={marginal.perRequestUsd}
          format={formatUsd}
          testId={figure('cost-marginal')}
          className="font-semibold text-ink"
        />{' '}
        <span className="break-words">{marginal.explanation}</span>
      </p>
      <Missing items={marginal.missing} />
    </div>
  );
}
