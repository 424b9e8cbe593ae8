import { formatMean, formatShare, formatUsd, formatWh } from '../format.ts';
import { SimulatedBadge } from '../ui/badge.tsx';
import { Panel } from '../ui/panel.tsx';
import { StackedBar } from '../ui/stacked-bar.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { Missing, Value } from '../ui/value.tsx';
import { GROUPS, type Account } from './why-shapes.ts';

/** Accounts of engines, jobs and of what nobody held, with their published ratios. */
export function AccountPanel({ accounts }: { accounts: readonly Account[] }) {
  if (accounts.length === 0) return null;
  return (
    <Panel id="why-accounts" level={2} title="By engine and job">
      <ScrollTable label="Accounts by engine and job">
        <thead>
          <tr>
            <HeadCell>Of</HeadCell>
            <HeadCell numeric>Accelerator-hours</HeadCell>
            <HeadCell numeric>Money</HeadCell>
            <HeadCell numeric>Energy</HeadCell>
            <HeadCell className="min-w-40">Time</HeadCell>
            <HeadCell numeric>MFU</HeadCell>
            <HeadCell numeric>Goodput</HeadCell>
            <HeadCell numeric>AU</HeadCell>
            <HeadCell>Roofline</HeadCell>
          </tr>
        </thead>
        <tbody>
          {accounts.map((one) => (
            <Row key={`${one.kind} ${one.subject}`} account={one} />
          ))}
        </tbody>
      </ScrollTable>
      <Missing items={[...new Set(accounts.flatMap((one) => one.missing))]} />
    </Panel>
  );
}

function Row({ account }: { account: Account }) {
  const { metrics } = account;
  return (
    <tr data-testid="account" data-value={account.subject}>
      <RowHead className="whitespace-nowrap">
        {account.subject} <span className="font-normal text-ink-3">{account.kind}</span>{' '}
        <SimulatedBadge simulated={account.simulated ? 'all' : 'none'} />
      </RowHead>
      <Cell numeric>{formatMean(account.acceleratorHours)}</Cell>
      <Cell numeric>
        <Value value={account.usd} format={formatUsd} />
      </Cell>
      <Cell numeric>
        <Value value={account.energyWh} format={formatWh} />
      </Cell>
      <Cell>
        <Parts account={account} />
      </Cell>
      <Cell numeric>
        <Value value={metrics.modelFlopsUtilization} format={formatShare} />
      </Cell>
      <Cell numeric>
        <Value value={metrics.goodput?.total ?? null} format={formatShare} />
      </Cell>
      <Cell numeric>
        <Value value={metrics.acceleratorUtilization} format={formatShare} />
      </Cell>
      <Cell className="whitespace-nowrap">{metrics.rooflinePosition ?? 'unknown'}</Cell>
    </tr>
  );
}

function Parts({ account }: { account: Account }) {
  const segments = GROUPS.map(({ id, label, colour }) => {
    const share = account.leaves
      .filter((leaf) => leaf.group === id)
      .reduce((sum, leaf) => sum + leaf.share, 0);
    return { key: id, label: `${label}: ${formatShare(share)}`, share, colour };
  });
  const label = segments.map((one) => one.label).join(', ');
  return <StackedBar segments={segments} label={label} />;
}
