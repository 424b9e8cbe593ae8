import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { requestsQuery } from '../api/queries.ts';
import type { RequestPage } from '../api/types.ts';
import { useApp } from '../app-context.ts';
import { formatCount, formatDateTime } from '../format.ts';
import { PAGE_SIZE, requestsAsk, type RequestsSearch } from '../search.ts';
import { Failure } from '../shell/failure.tsx';
import { Button } from '../ui/button.tsx';
import { Loading } from '../ui/notice.tsx';
import { RequestFilters } from './request-filters.tsx';
import { RequestTable } from './request-table.tsx';

/** The raw records: filtered, sorted and paged by the address alone. */
export function RequestsPage() {
  const { client } = useApp();
  const search = useSearch({ from: '/requests' });
  const change = useChange();
  const { data, error, dataUpdatedAt, isPlaceholderData } = useQuery(
    requestsQuery(client, requestsAsk(search)),
  );
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <h1 className="text-lg font-semibold">Requests</h1>
        <RangeNote search={search} />
      </div>
      <RequestFilters search={search} onChange={change} />
      <Failure
        what="the requests"
        error={error}
        shownSinceMs={data === undefined ? null : dataUpdatedAt}
      />
      {data === undefined && error === null ? <Loading what="the requests" /> : null}
      {data === undefined ? null : (
        <div
          data-panel
          className="rounded-md border border-line bg-panel"
          aria-busy={isPlaceholderData}
        >
          <Pager page={data} onChange={change} />
          <RequestTable records={data.records} search={search} onChange={change} />
        </div>
      )}
    </>
  );
}

/** Values to set; undefined takes one out. */
export type SearchChange = { [K in keyof RequestsSearch]?: RequestsSearch[K] | undefined };

/** Any change but of the page itself starts again at the first page. */
function useChange(): (change: SearchChange) => void {
  const navigate = useNavigate({ from: '/requests' });
  return (change) => {
    void navigate({
      search: (now) => ({ ...now, offset: undefined, ...change }) as RequestsSearch,
      resetScroll: false,
    });
  };
}

function RangeNote({ search }: { search: RequestsSearch }) {
  if (search.fromMs === undefined || search.toMs === undefined) return null;
  return (
    <span className="text-xs text-ink-2">
      {formatDateTime(search.fromMs)} to {formatDateTime(search.toMs)}
    </span>
  );
}

interface PagerProps {
  page: RequestPage;
  onChange: (change: SearchChange) => void;
}

function Pager({ page, onChange }: PagerProps) {
  const { total, offset, records } = page;
  const last = offset + records.length;
  return (
    <div className="flex flex-wrap items-center gap-3 border-b border-line px-3 py-1.5 text-xs">
      <span role="status" data-testid="requests.total" data-value={total} className="text-ink-2">
        {records.length === 0
          ? `${formatCount(total)} requests`
          : `${formatCount(offset + 1)} to ${formatCount(last)} of ${formatCount(total)}`}
      </span>
      <span className="ms-auto flex gap-2" data-screen-only>
        <Button
          disabled={offset === 0}
          onClick={() => {
            onChange({ offset: Math.max(0, offset - PAGE_SIZE) });
          }}
        >
          Previous
        </Button>
        <Button
          disabled={last >= total}
          onClick={() => {
            onChange({ offset: offset + PAGE_SIZE });
          }}
        >
          Next
        </Button>
      </span>
    </div>
  );
}
