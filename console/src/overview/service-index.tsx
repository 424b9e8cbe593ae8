import type { ServiceAnswer } from '../api/types.ts';
import { formatCompact, formatMs, formatShare, formatUsd } from '../format.ts';
import { SimulatedBadge } from '../ui/badge.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { Value } from '../ui/value.tsx';
import { sectionId } from './section-id.ts';
import { VerdictBadge } from './verdict-badge.tsx';

/** All services in one glance, with a way to each. */
export function ServiceIndex({ services }: { services: readonly ServiceAnswer[] }) {
  return (
    <div data-panel className="rounded-md border border-line bg-panel px-3 py-1">
      <ScrollTable label="All services">
        <thead>
          <tr>
            <HeadCell>Service</HeadCell>
            <HeadCell>Verdict</HeadCell>
            <HeadCell numeric>Requests</HeadCell>
            <HeadCell numeric>E2E p95</HeadCell>
            <HeadCell numeric>Per request</HeadCell>
            <HeadCell numeric>Busy</HeadCell>
          </tr>
        </thead>
        <tbody>
          {services.map((answer) => (
            <IndexRow key={answer.service} answer={answer} />
          ))}
        </tbody>
      </ScrollTable>
    </div>
  );
}

function IndexRow({ answer }: { answer: ServiceAnswer }) {
  const e2e = answer.latency.find((one) => one.metric === 'e2e');
  return (
    <tr>
      <RowHead>
        <span className="inline-flex items-center gap-2">
          <a href={`#${sectionId(answer.service)}`} className="text-accent hover:underline">
            {answer.service}
          </a>
          <SimulatedBadge simulated={answer.simulated} />
        </span>
      </RowHead>
      <Cell>
        <VerdictBadge verdict={answer.verdict} />
      </Cell>
      <Cell numeric>{formatCompact(answer.requests.total)}</Cell>
      <Cell numeric>
        {e2e?.p95TooFew === true && e2e.count > 0 ? (
          <span className="text-ink-3">too few</span>
        ) : (
          <Value value={e2e?.p95Ms ?? null} format={formatMs} />
        )}
      </Cell>
      <Cell numeric>
        <Value value={answer.cost.perRequestUsd} format={formatUsd} />
      </Cell>
      <Cell numeric>
        <Value value={answer.utilization.busyShare} format={formatShare} />
      </Cell>
    </tr>
  );
}
