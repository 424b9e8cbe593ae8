import { GROUPS, type Leaf } from './why-shapes.ts';

/** One cell of the icicle; places are shares of its width. */
export interface IcicleCell {
  key: string;
  /** 1: the four parts and what is unexplained; 2: causes. */
  depth: 1 | 2;
  group: Leaf['group'];
  /** Null on depth 1. */
  leaf: Leaf | null;
  left: number;
  width: number;
  /** Null where the money of one of its causes is not known. */
  usd: number | null;
  acceleratorHours: number;
}

/** Lays the leaves of one tree out: parts in their order, causes within them the largest first. */
export function icicleCells(leaves: readonly Leaf[]): IcicleCell[] {
  const cells: IcicleCell[] = [];
  let left = 0;
  for (const { id: group } of GROUPS) {
    const own = leaves
      .filter((leaf) => leaf.group === group && leaf.share > 0)
      .toSorted((a, b) => b.share - a.share);
    if (own.length === 0) continue;
    const width = own.reduce((sum, leaf) => sum + leaf.share, 0);
    const acceleratorHours = own.reduce((sum, leaf) => sum + leaf.acceleratorHours, 0);
    cells.push({
      key: group,
      depth: 1,
      group,
      leaf: null,
      left,
      width,
      usd: sumOrNull(own.map((leaf) => leaf.usd)),
      acceleratorHours,
    });
    for (const leaf of own) {
      const { cause, share, usd } = leaf;
      const key = `${group}/${cause}`;
      cells.push({
        key,
        depth: 2,
        group,
        leaf,
        left,
        width: share,
        usd,
        acceleratorHours: leaf.acceleratorHours,
      });
      left += share;
    }
  }
  return cells;
}

const sumOrNull = (values: ReadonlyArray<number | null>): number | null =>
  values.reduce<number | null>(
    (sum, value) => (sum === null || value === null ? null : sum + value),
    0,
  );
