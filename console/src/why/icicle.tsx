import { useMemo, useState } from 'react';
import { formatMean, formatShare, formatUsd, formatWh } from '../format.ts';
import { icicleCells, type IcicleCell } from './icicle-cells.ts';
import { BUSINESS, causeWords, GROUPS, shareAndMoney, type Tree } from './why-shapes.ts';

/** Narrower cells carry no words; the read-out and the table do. */
const LABEL_FROM = 0.09;

const groupOf = (id: string): (typeof GROUPS)[number] | undefined =>
  GROUPS.find((one) => one.id === id);

const nameOf = (cell: IcicleCell): string =>
  cell.leaf === null ? (groupOf(cell.group)?.label ?? cell.group) : causeWords(cell.leaf.cause);

/** All accelerator time of one business, in two rows: its parts, and the causes within them. */
export function Icicle({ tree }: { tree: Tree }) {
  const cells = useMemo(() => icicleCells(tree.leaves), [tree]);
  const [chosen, setChosen] = useState<string | null>(null);
  const cell = cells.find((one) => one.key === chosen) ?? null;
  return (
    <div className="flex flex-col gap-1" data-testid="icicle" data-value={tree.business}>
      <div className="flex min-h-8 items-center rounded-t bg-sunken px-2 text-xs">
        <span className="font-medium">{BUSINESS[tree.business]}</span>
        <span className="ms-2 text-ink-2">
          {formatMean(tree.acceleratorHours)} accelerator-hours,{' '}
          {tree.usd === null ? 'money unknown' : formatUsd(tree.usd)}
          {tree.energyWh === null ? '' : `, ${formatWh(tree.energyWh)}`}
        </span>
      </div>
      {([1, 2] as const).map((depth) => (
        <div key={depth} className="relative h-11 overflow-hidden">
          {cells
            .filter((one) => one.depth === depth)
            .map((one) => (
              <Cell
                key={one.key}
                cell={one}
                isChosen={one.key === chosen}
                onChoose={() => {
                  setChosen(one.key);
                }}
              />
            ))}
        </div>
      ))}
      <p aria-live="polite" data-testid="icicle-readout" className="min-h-9 text-xs text-ink-2">
        {cell === null ? 'Choose a part to see what stands behind it.' : <ReadOut cell={cell} />}
      </p>
    </div>
  );
}

interface CellProps {
  cell: IcicleCell;
  isChosen: boolean;
  onChoose: () => void;
}

function Cell({ cell, isChosen, onChoose }: CellProps) {
  const name = nameOf(cell);
  const colour = groupOf(cell.group)?.colour ?? 'var(--c-empty)';
  const words = shareAndMoney(cell.width, cell.usd);
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      title={`${name}: ${words}`}
      data-testid={`icicle-${cell.key}`}
      data-value={cell.width}
      onClick={onChoose}
      onFocus={onChoose}
      className={`absolute inset-y-0 overflow-hidden border-s border-panel bg-sunken text-start text-2xs leading-4 text-ink ${cell.width < LABEL_FROM ? 'min-w-[3px]' : 'px-1.5'} ${isChosen ? 'z-[1] outline-2 -outline-offset-2 outline-accent' : ''}`}
      style={{
        left: `${cell.left * 100}%`,
        width: `${cell.width * 100}%`,
        borderTop: `${cell.depth === 1 ? 5 : 3}px solid ${colour}`,
      }}
    >
      <span className={cell.width < LABEL_FROM ? 'sr-only' : 'block truncate font-medium'}>
        {name}{' '}
      </span>
      <span className={cell.width < LABEL_FROM ? 'sr-only' : 'block truncate text-ink-2'}>
        {words}
      </span>
    </button>
  );
}

function ReadOut({ cell }: { cell: IcicleCell }) {
  const { leaf } = cell;
  return (
    <>
      <strong className="text-ink">{nameOf(cell)}</strong>: {formatShare(cell.width)},{' '}
      {formatMean(cell.acceleratorHours)} accelerator-hours,{' '}
      {cell.usd === null ? 'money unknown' : formatUsd(cell.usd)}.{' '}
      {leaf === null
        ? ''
        : `${leaf.evidence.join('; ')}${leaf.evidence.length > 0 ? '; ' : ''}confidence ${leaf.confidence}.`}
    </>
  );
}
