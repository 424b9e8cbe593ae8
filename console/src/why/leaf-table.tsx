import { formatMean, formatShare, formatUsd, formatWh } from '../format.ts';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { Swatch } from '../ui/stacked-bar.tsx';
import { Value } from '../ui/value.tsx';
import { BUSINESS, causeWords, GROUPS, type Leaf, type Tree } from './why-shapes.ts';

/** Every cause of a tree with its figures and what stands behind it. */
export function LeafTable({ tree }: { tree: Tree }) {
  const shown = tree.leaves.filter((leaf) => leaf.share > 0).toSorted((a, b) => b.share - a.share);
  return (
    <ScrollTable label={`${BUSINESS[tree.business]}: time by cause`}>
      <thead>
        <tr>
          <HeadCell>Cause</HeadCell>
          <HeadCell numeric>Share</HeadCell>
          <HeadCell numeric>Hours</HeadCell>
          <HeadCell numeric>Money</HeadCell>
          <HeadCell numeric>Energy</HeadCell>
          <HeadCell>Confidence</HeadCell>
          <HeadCell>Evidence</HeadCell>
        </tr>
      </thead>
      <tbody>
        {shown.map((leaf) => (
          <Row key={`${leaf.group} ${leaf.cause}`} leaf={leaf} business={tree.business} />
        ))}
      </tbody>
    </ScrollTable>
  );
}

function Row({ leaf, business }: { leaf: Leaf; business: string }) {
  const group = GROUPS.find((one) => one.id === leaf.group);
  const id = `leaf-${business}-${leaf.cause}`;
  return (
    <tr data-testid="leaf">
      <RowHead className="whitespace-nowrap">
        <Swatch colour={group?.colour ?? ''} /> {causeWords(leaf.cause)}{' '}
        <span className="font-normal text-ink-3">{group?.label}</span>
      </RowHead>
      <Cell numeric>
        <Value value={leaf.share} format={formatShare} testId={`${id}-share`} />
      </Cell>
      <Cell numeric>{formatMean(leaf.acceleratorHours)}</Cell>
      <Cell numeric>
        <Value value={leaf.usd} format={formatUsd} testId={`${id}-usd`} />
      </Cell>
      <Cell numeric>
        <Value value={leaf.energyWh} format={formatWh} />
      </Cell>
      <Cell>{leaf.confidence}</Cell>
      <Cell className="min-w-48 text-ink-2">{leaf.evidence.join('; ')}</Cell>
    </tr>
  );
}
