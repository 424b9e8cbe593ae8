import { formatCount, formatMs, formatUsd } from '../format.ts';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { CARD_STATES, type Cluster, stateCards } from './cluster-shapes.ts';

const MAX_REASONS = 3;

const formatCards = (cards: number): string => Number(cards.toFixed(2)).toLocaleString('en-US');
const perHour = (cards: number, rate: number | null): string =>
  rate === null ? 'unknown' : `${formatUsd(cards * rate)}/h`;

/** What the cards do now, in cards and money, with the reasons that the scheduler gives. */
export function StateTable({ cluster }: { cluster: Cluster }) {
  return (
    <ScrollTable label={`What the cards of ${cluster.name} do now`}>
      <thead>
        <tr>
          <HeadCell>Cards</HeadCell>
          <HeadCell numeric>Now</HeadCell>
          <HeadCell numeric>Cost</HeadCell>
          <HeadCell>Who and why</HeadCell>
        </tr>
      </thead>
      <tbody>
        {stateCards(cluster.parts).map(({ state, cards }) => (
          <tr key={state} data-testid="cluster-state" data-value={state}>
            <RowHead>{CARD_STATES[state].label}</RowHead>
            <Cell numeric>{formatCards(cards)}</Cell>
            <Cell numeric>{perHour(cards, cluster.usdPerCardHour)}</Cell>
            <Cell>{reasonsOf(cluster, state)}</Cell>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function reasonsOf({ parts }: Cluster, state: string): string {
  const own = parts.filter((one) => one.state === state);
  const shown = own.slice(0, MAX_REASONS).map(({ subject, why }) => `${subject}: ${why}`);
  const more = own.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** Who waits for cards, and what the scheduler says to it. */
export function WaiterTable({ cluster, nowMs }: { cluster: Cluster; nowMs: number }) {
  if (cluster.waiters.length === 0) return <p className="text-sm text-ink-2">Nothing waits.</p>;
  return (
    <ScrollTable label={`Who waits for cards of ${cluster.name}`} tall>
      <thead>
        <tr>
          <HeadCell>Waits</HeadCell>
          <HeadCell numeric>Cards</HeadCell>
          <HeadCell numeric>For</HeadCell>
          <HeadCell>Why</HeadCell>
        </tr>
      </thead>
      <tbody>
        {cluster.waiters.map(({ subject, queue, cards, sinceMs, why }) => (
          <tr key={`${subject} ${queue ?? ''}`} data-testid="cluster-waiter" data-value={subject}>
            <RowHead>
              {subject}{' '}
              {queue === null ? null : <span className="font-normal text-ink-3">{queue}</span>}
            </RowHead>
            <Cell numeric>{formatCards(cards)}</Cell>
            <Cell numeric>
              {sinceMs === null ? 'unknown' : formatMs(Math.max(0, nowMs - sinceMs))}
            </Cell>
            <Cell>{why ?? 'unknown'}</Cell>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

/** What to change, most cards first, in money where the price of a card is known. */
export function WasteList({ cluster }: { cluster: Cluster }) {
  const { check } = cluster;
  if (check === null) return null;
  return (
    <>
      {check.findings.length === 0 ? (
        <p className="text-sm text-ink-2">No request, notebook, slice or quota stands out.</p>
      ) : (
        <ul className="m-0 list-none space-y-2 p-0">
          {check.findings.map((one) => (
            <li
              key={`${one.rule} ${one.subject}`}
              data-testid="cluster-finding"
              className="text-sm"
            >
              <strong>{one.subject}</strong>{' '}
              <span className="text-ink-2">
                {one.rule}
                {one.gpus === null ? '' : `, ${formatCards(one.gpus)} cards`}
                {one.usdPerHour === null ? '' : `, ${formatUsd(one.usdPerHour)} an hour`}
                {one.confidence === 'low' ? ' (one reading)' : ''}
              </span>
              <div className="text-ink-2">{one.evidence}</div>
              <div>{one.fix}</div>
            </li>
          ))}
        </ul>
      )}
      {check.unknown.length === 0 ? null : (
        <p className="text-xs text-ink-3">
          Not known ({formatCount(check.unknown.length)}): {check.unknown.join('; ')}
        </p>
      )}
    </>
  );
}
