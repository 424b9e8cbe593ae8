import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { getQuery } from '../api/get.ts';
import { useApp } from '../app-context.ts';
import { formatDateTime } from '../format.ts';
import { Failure } from '../shell/failure.tsx';
import { Loading } from '../ui/notice.tsx';
import { AddVendor } from './add-vendor.tsx';
import { ComparisonTable } from './comparison-table.tsx';
import { VendorCards } from './vendor-cards.tsx';
import { QuotePanel } from './quote-panel.tsx';
import type { Comparison } from './vendor-shapes.ts';
import { WeightPanel } from './weight-panel.tsx';

/** Vendors and one's own teams side by side: what they answered, and what stands behind it. */
export function VendorsPage() {
  const { client } = useApp();
  const { weights } = useSearch({ from: '/vendors' });
  const ask = weights === undefined ? {} : { weights };
  const { data, error, dataUpdatedAt } = useQuery(getQuery(client, 'vendors/comparison', ask));
  return (
    <>
      <div>
        <h1 className="text-lg font-semibold">Vendors side by side</h1>
        <p className="text-sm text-ink-2">
          Grades: 0 none or contradicted, 1 a claim, 2 a document in date, 3 a probe or test of
          ours.
        </p>
      </div>
      <Failure
        what="the vendors"
        error={error}
        shownSinceMs={data === undefined ? null : dataUpdatedAt}
      />
      {data === undefined && error === null ? <Loading what="the vendors" /> : null}
      {data === undefined ? null : <SideBySide comparison={data} />}
    </>
  );
}

function SideBySide({ comparison }: { comparison: Comparison }) {
  return (
    <>
      {comparison.vendors.length === 0 ? (
        <p className="text-sm text-ink-2">
          Nobody was asked yet. Add a vendor, or one of your own teams: both answer the same
          questions.
        </p>
      ) : (
        <>
          <p className="text-xs text-ink-3">As known at {formatDateTime(comparison.atMs)}.</p>
          <VendorCards vendors={comparison.vendors} />
          <WeightPanel weights={comparison.weights} />
          <QuotePanel />
          <ComparisonTable comparison={comparison} />
        </>
      )}
      <AddVendor />
    </>
  );
}
