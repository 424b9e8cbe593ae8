import { useNavigate } from '@tanstack/react-router';
import type { BreakdownBy, BreakdownRow } from '../api/types.ts';
import { formatCompact, formatCount, formatMs, formatUsd } from '../format.ts';
import { Panel } from '../ui/panel.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Value } from '../ui/value.tsx';
import { sectionTitleId } from './section-id.ts';

const OPTIONS: ReadonlyArray<{ value: BreakdownBy; label: string }> = [
  { value: 'feature', label: 'Feature' },
  { value: 'tenant', label: 'Tenant' },
  { value: 'model', label: 'Model' },
];
/** Rows that are shown; the API may know more tenants than a page can carry. */
const MAX_ROWS = 50;
/** Values that a percentile needs (docs/answers.md); the API sends null below. */
const ENOUGH_FOR_P95 = 60;
const ENOUGH_FOR_P99 = 300;

interface BreakdownPanelProps {
  id: string;
  service: string;
  by: BreakdownBy;
  rows: BreakdownRow[] | null;
  rowsBy: BreakdownBy | null;
}

/** The same service, split by feature, tenant or model. */
export function BreakdownPanel({ id, service, by, rows, rowsBy }: BreakdownPanelProps) {
  const navigate = useNavigate({ from: '/' });
  const shown = rows?.slice(0, MAX_ROWS) ?? [];
  return (
    <Panel
      id={id}
      of={sectionTitleId(service)}
      title="Breakdown"
      aside={
        <Segmented
          label={`Break down ${service} by`}
          value={by}
          options={OPTIONS}
          onChange={(next) => {
            void navigate({ search: (now) => ({ ...now, by: next }), resetScroll: false });
          }}
        />
      }
    >
      {shown.length === 0 ? (
        <p className="text-xs text-ink-3">No request in this window.</p>
      ) : (
        <ScrollTable label={`${service} by ${rowsBy ?? by}`}>
          <thead>
            <tr>
              <HeadCell>{OPTIONS.find((one) => one.value === (rowsBy ?? by))?.label}</HeadCell>
              <HeadCell numeric>Requests</HeadCell>
              <HeadCell numeric>TTFT p95</HeadCell>
              <HeadCell numeric>E2E p50</HeadCell>
              <HeadCell numeric>E2E p95</HeadCell>
              <HeadCell numeric>E2E p99</HeadCell>
              <HeadCell numeric>Tokens in</HeadCell>
              <HeadCell numeric>Tokens out</HeadCell>
              <HeadCell numeric>Usage cost</HeadCell>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <BreakdownLine key={row.key} row={row} />
            ))}
          </tbody>
        </ScrollTable>
      )}
      {rows !== null && rows.length > MAX_ROWS ? (
        <p className="text-xs text-ink-3">
          The first {MAX_ROWS} of {formatCount(rows.length)}.
        </p>
      ) : null}
    </Panel>
  );
}

function BreakdownLine({ row }: { row: BreakdownRow }) {
  return (
    <tr>
      <RowHead className="min-w-28 break-words">{row.key}</RowHead>
      <Cell numeric>{formatCount(row.requests)}</Cell>
      <RowPercentile valueMs={row.ttftP95Ms} requests={row.requests} enough={ENOUGH_FOR_P95} />
      <RowPercentile valueMs={row.e2eP50Ms} requests={row.requests} enough={1} />
      <RowPercentile valueMs={row.e2eP95Ms} requests={row.requests} enough={ENOUGH_FOR_P95} />
      <RowPercentile valueMs={row.e2eP99Ms} requests={row.requests} enough={ENOUGH_FOR_P99} />
      <Cell numeric>{formatCompact(row.tokensIn)}</Cell>
      <Cell numeric>{formatCompact(row.tokensOut)}</Cell>
      <Cell numeric>
        <Value value={row.usageUsd} format={formatUsd} />
      </Cell>
    </tr>
  );
}

interface RowPercentileProps {
  valueMs: number | null;
  requests: number;
  enough: number;
}

function RowPercentile({ valueMs, requests, enough }: RowPercentileProps) {
  return (
    <Cell numeric>
      {valueMs === null && requests < enough ? (
        <span className="text-ink-3 italic">too few</span>
      ) : (
        <Value value={valueMs} format={formatMs} />
      )}
    </Cell>
  );
}
