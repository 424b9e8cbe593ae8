import type { CostAnswer } from '../api/types.ts';
import { formatCompact, formatUsd } from '../format.ts';
import { PanelHeading } from '../ui/panel.tsx';
import { Value } from '../ui/value.tsx';
import { answerId } from './answer-id.ts';

/** Longest list of bars; how many more there are is said in words. */
const MAX_FEATURES = 8;

type FeatureRow = CostAnswer['byFeature'][number];

/** What is paid for a feature: with idle time where that is known, else its own work alone. */
const paidUsd = (row: FeatureRow): number | null => row.allocatedUsd ?? row.usageUsd;

interface CostByFeatureProps {
  service: string;
  rows: readonly FeatureRow[];
}

/** Money by feature, most first; each bar is the feature's work, then its part of the idle time. */
export function CostByFeature({ service, rows }: CostByFeatureProps) {
  if (rows.length === 0) return null;
  const sorted = rows.toSorted((a, b) => (paidUsd(b) ?? -1) - (paidUsd(a) ?? -1));
  const largestUsd = Math.max(...rows.map((row) => paidUsd(row) ?? 0));
  const hidden = sorted.length - MAX_FEATURES;
  return (
    <div>
      <PanelHeading aside="work, then idle time">By feature</PanelHeading>
      <ul className="flex flex-col gap-1.5 text-xs">
        {sorted.slice(0, MAX_FEATURES).map((row) => (
          <li key={row.feature}>
            <div className="flex gap-2">
              <span className="min-w-0 flex-1 truncate text-ink-2" title={row.feature}>
                {row.feature}
              </span>
              <span className="text-ink-3">{formatCompact(row.requests)} req</span>
              <span className="w-20 text-end font-medium">
                <Value
                  value={paidUsd(row)}
                  format={formatUsd}
                  testId={answerId(service, `feature-${row.feature}-usd`)}
                />
              </span>
            </div>
            <FeatureBar row={row} largestUsd={largestUsd} />
          </li>
        ))}
      </ul>
      {hidden > 0 ? (
        <p className="mt-1 text-xs text-ink-3">and {formatCompact(hidden)} more</p>
      ) : null}
    </div>
  );
}

/** Lengths are relative to the dearest feature. */
function FeatureBar({ row, largestUsd }: { row: FeatureRow; largestUsd: number }) {
  const paid = paidUsd(row);
  const width = (usd: number): string => `${largestUsd > 0 ? (usd / largestUsd) * 100 : 0}%`;
  const work = Math.min(row.usageUsd ?? 0, paid ?? 0);
  return (
    <div aria-hidden="true" className="mt-0.5 flex h-1.5 overflow-hidden rounded-sm bg-sunken">
      <div style={{ width: width(work), background: 'var(--c-blue)' }} />
      <div style={{ width: width((paid ?? 0) - work), background: 'var(--c-slate)' }} />
    </div>
  );
}
