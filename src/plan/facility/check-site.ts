import { coolingLimitOf } from '../../catalog/cooling.ts';
import { toKw, toMilliwatts, withLoss } from './milliwatts.ts';
import type { SiteElement } from './site-element.ts';

/** One limit of the tree and what presses on it. */
export interface Reading {
  /** Ids from the root down, e.g. `site > feed-a > rack-3`. */
  path: string;
  id: string;
  kind: SiteElement['kind'];
  /** `power`: rating of the element; `cooling`: heat limit of a rack's cooling type. */
  limit: 'power' | 'cooling';
  loadKw: number;
  capacityKw: number;
  headroomKw: number;
  fits: boolean;
  /** Where the limit comes from: the plan, or the catalog's source. */
  source: string;
}

export interface SiteCheck {
  fits: boolean;
  itKw: number;
  nodes: number;
  /** Every limit, root first. */
  readings: Reading[];
  /** The limit with the least room relative to its load: what fails, or what binds first. Null without limits. */
  binding: Reading | null;
  /** Racks whose cooling is not told, so that their heat is not checked. */
  uncheckedCooling: string[];
}

interface Walk {
  readings: Reading[];
  unchecked: string[];
  nodes: number;
}

/**
 * Checks every limit of a power tree against the load below it:
 * sum(children) x (1 + loss) <= units that may carry load x rating x derate, at each element. Exact in
 * whole milliwatts.
 */
export function checkSite(root: SiteElement): SiteCheck {
  const walk: Walk = { readings: [], unchecked: [], nodes: 0 };
  const itMw = itLoad(root);
  loadOf(root, '', walk);
  const binding = tightest(walk.readings);
  return {
    fits: walk.readings.every((reading) => reading.fits),
    itKw: toKw(itMw),
    nodes: walk.nodes,
    readings: walk.readings,
    binding,
    uncheckedCooling: walk.unchecked,
  };
}

/** What an element may carry, milliwatts; null without a rating. */
export function capacityOf(element: SiteElement): number | null {
  if (element.kwPerUnit === null) return null;
  const { redundancy, units } = element;
  const carrying = redundancy === 'N' ? units : redundancy === 'N+1' ? units - 1 : units / 2;
  const rated = toMilliwatts(element.kwPerUnit) * Math.floor(carrying);
  return Math.floor((rated * Math.round(element.derate * 1e6)) / 1e6);
}

function itLoad(element: SiteElement): number {
  const own = element.nodes.reduce(
    (sum, group) => sum + group.count * toMilliwatts(group.kwPerNode),
    0,
  );
  return element.children.reduce((sum, child) => sum + itLoad(child), own);
}

/** Load on an element, losses below it included; its readings come before those of its children. */
function loadOf(element: SiteElement, above: string, walk: Walk): number {
  const path = above === '' ? element.id : `${above} > ${element.id}`;
  const place = walk.readings.length;
  const nodesMw = element.nodes.reduce(
    (sum, group) => sum + group.count * toMilliwatts(group.kwPerNode),
    0,
  );
  walk.nodes += element.nodes.reduce((sum, group) => sum + group.count, 0);
  const below = element.children.reduce((sum, child) => sum + loadOf(child, path, walk), nodesMw);
  const load = withLoss(below, element.lossPercent);
  const own: Reading[] = [];
  const capacity = capacityOf(element);
  if (capacity !== null) own.push(reading(element, path, 'power', load, capacity, 'the plan'));
  if (element.kind === 'rack') {
    const limit = element.cooling === null ? null : coolingLimitOf(element.cooling);
    if (limit === null) walk.unchecked.push(path);
    else {
      const maxMw = toMilliwatts(limit.maxKwPerRack);
      own.push(reading(element, path, 'cooling', nodesMw, maxMw, `${limit.name}: ${limit.source}`));
    }
  }
  walk.readings.splice(place, 0, ...own);
  return load;
}

const reading = (
  { id, kind }: SiteElement,
  path: string,
  limit: Reading['limit'],
  load: number,
  capacity: number,
  source: string,
): Reading => ({
  path,
  id,
  kind,
  limit,
  loadKw: toKw(load),
  capacityKw: toKw(capacity),
  headroomKw: toKw(capacity - load),
  fits: load <= capacity,
  source,
});

/** Highest load relative to capacity; ties go to the one nearer the root. */
function tightest(readings: readonly Reading[]): Reading | null {
  let worst: Reading | null = null;
  const pressure = (one: Reading): number =>
    one.capacityKw === 0
      ? one.loadKw === 0
        ? 0
        : Number.POSITIVE_INFINITY
      : one.loadKw / one.capacityKw;
  for (const one of readings) {
    if (worst === null || pressure(one) > pressure(worst)) worst = one;
  }
  return worst;
}
