import { formatMean, formatShare, formatUsd } from '../format.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Panel } from '../ui/panel.tsx';
import { Value } from '../ui/value.tsx';
import type { Finding } from './why-shapes.ts';

const CONFIDENCE: Record<Finding['confidence'], Tone> = {
  high: 'good',
  medium: 'neutral',
  low: 'warn',
};

const GAIN_BY: Record<Finding['gain']['by'], string> = {
  planner: 'by the planner',
  amdahl: 'by Amdahl\u2019s law',
  none: '',
};

/** Losses with their fixes, the most money first. */
export function FindingList({ findings }: { findings: readonly Finding[] }) {
  return (
    <Panel id="why-findings" level={2} title="What to change, by money">
      {findings.length === 0 ? (
        <p className="text-sm text-ink-2">No rule found a loss in this window.</p>
      ) : (
        <ol className="flex flex-col gap-3">
          {findings.map((one, index) => (
            <Item key={`${one.rule} ${one.subject}`} finding={one} rank={index + 1} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Item({ finding, rank }: { finding: Finding; rank: number }) {
  const { gain } = finding;
  return (
    <li
      data-testid="finding"
      data-value={finding.rule}
      className="border-t border-line pt-3 first:border-t-0 first:pt-0"
    >
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="text-ink-3">{rank}.</span>
        <span className="text-base font-semibold">
          <Value value={finding.usdPerDay} format={formatUsd} testId={`finding-${rank}-usd`} />
          <span className="text-xs font-normal text-ink-3"> a day</span>
        </span>
        <span className="text-sm">
          {finding.subject} <span className="text-ink-3">({finding.business})</span>,{' '}
          {formatShare(finding.share)} of its time
        </span>
        <Badge tone={CONFIDENCE[finding.confidence]}>{finding.confidence} confidence</Badge>
      </p>
      <p className="mt-1 text-sm">{finding.explanation}</p>
      <p className="mt-1 text-sm">
        <strong>Do:</strong> {finding.fix}{' '}
        <span className="text-ink-2">
          {gain.usdPerDay === null ? '' : `Frees ${formatUsd(gain.usdPerDay)} a day`}
          {gain.speedup === null ? '' : `; the same work ${formatMean(gain.speedup)} times as fast`}
          {gain.by === 'none' ? '' : ` (${GAIN_BY[gain.by]})`}
        </span>
      </p>
      {finding.evidence.length === 0 ? null : (
        <p className="mt-1 text-xs text-ink-3">{finding.evidence.join('; ')}</p>
      )}
    </li>
  );
}
