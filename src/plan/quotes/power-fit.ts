import { findAccelerator } from '../../catalog/accelerators.ts';
import { coolingLimitOf } from '../../catalog/cooling.ts';
import { typicalLeadTime, type LeadTimeKind } from '../../catalog/lead-times.ts';
import { systemOf } from '../../catalog/power-systems.ts';
import type { VendorQuote } from '../../records/vendor-quote.ts';
import { checkSite, type Reading } from '../facility/check-site.ts';
import { siteFactors } from '../facility/site-factors.ts';
import { ORDER_OF, type SiteElement } from '../facility/site-element.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import { siteElementOf } from '../plan-file/site-element-of.ts';
import { peakKw } from '../search/candidate-price.ts';
import type { PowerFit } from './quote-comparison.ts';

/** A limit that the quote would stand on. */
interface Limit {
  name: string;
  limitKw: number;
  loadKw: number;
  order: LeadTimeKind;
}

const NOTHING = { limit: null, limitKw: null, loadKw: null, overKw: 0, order: null } as const;

/**
 * Whether the plan's site carries a quote: `limits.siteKw` (facility power, PUE included), `limits.kwPerRack`, the cooling of a
 * rack, and every element of the site's tree, with the quote in a rack of its own under the root. Unknown without a
 * limit, or without a figure of the quote.
 */
export function powerFit(plan: Plan, quote: VendorQuote): PowerFit {
  const { needsKw, source } = needOf(quote);
  if (quote.site === 'vendor') {
    return { fits: true, needsKw, source: 'powered by the vendor', ...NOTHING };
  }
  if (needsKw === null) return { fits: null, needsKw, source, ...NOTHING };
  const limits = [...planLimits(plan, quote, needsKw), ...treeLimits(plan, quote, needsKw)];
  const pressure = ({ loadKw, limitKw }: Limit): number => loadKw / limitKw;
  const worst = limits.reduce<Limit | null>(
    (most, one) => (most === null || pressure(one) > pressure(most) ? one : most),
    null,
  );
  if (worst === null) return { fits: null, needsKw, source, ...NOTHING };
  // Milliwatts: a load that is the limit to the last digit fits.
  const overKw = Math.max(0, Math.round((worst.loadKw - worst.limitKw) * 1e6) / 1e6);
  return {
    fits: overKw === 0,
    needsKw,
    source,
    limit: worst.name,
    limitKw: worst.limitKw,
    loadKw: worst.loadKw,
    overKw,
    order: overKw === 0 ? null : orderOf(plan, worst.order),
  };
}

/** IT power of the whole quote, kW: as quoted, else the catalog's peak of the accelerator with its share of the host. */
function needOf({ totalKw, accelerator, accelerators }: VendorQuote): {
  needsKw: number | null;
  source: string;
} {
  if (totalKw !== null) return { needsKw: totalKw, source: 'the quote' };
  const known = findAccelerator(accelerator);
  const one = known === null ? null : peakKw(known);
  return {
    needsKw: one === null ? null : one * accelerators,
    source: one === null ? 'neither quote nor catalog has it' : 'catalog peak of the system',
  };
}

function planLimits({ limits, facility }: Plan, quote: VendorQuote, needsKw: number): Limit[] {
  const found: Limit[] = [];
  if (limits.siteKw !== undefined) {
    found.push({
      name: 'limits.siteKw',
      limitKw: limits.siteKw,
      loadKw: needsKw * siteFactors(facility).pue,
      order: 'grid-connection',
    });
  }
  const rackKw = quote.kwPerRack ?? systemOf(quote.accelerator)?.maxKw ?? null;
  if (limits.kwPerRack !== undefined && rackKw !== null) {
    const limitKw = limits.kwPerRack;
    found.push({ name: 'limits.kwPerRack', limitKw, loadKw: rackKw, order: 'power-distribution' });
  }
  const cooling = coolingLimitOf(facility.cooling);
  if (cooling !== null && quote.kwPerRack !== null) {
    found.push({
      name: `cooling of a rack (${cooling.name})`,
      limitKw: cooling.maxKwPerRack,
      loadKw: quote.kwPerRack,
      order: 'liquid-cooling',
    });
  }
  return found;
}

/** The tree with the quote under its root: every element above and beside it that has a rating. */
function treeLimits({ facility }: Plan, quote: VendorQuote, needsKw: number): Limit[] {
  if (facility.site === undefined) return [];
  const root = siteElementOf(facility.site);
  const rack: SiteElement = {
    id: 'quote',
    kind: 'rack',
    kwPerUnit: null,
    units: 1,
    redundancy: 'N',
    derate: 1,
    lossPercent: 0,
    cooling: null,
    nodes: [{ name: quote.name, count: 1, kwPerNode: needsKw }],
    children: [],
  };
  const place = deepest(root);
  const { readings } = checkSite(withChild(root, place, rack));
  const own = readings.filter(({ path }) => place.startsWith(path) || path.startsWith(place));
  return own
    .filter(({ id, kind }) => id !== 'quote' && kind !== 'rack')
    .map((reading) => ({
      name: reading.path,
      limitKw: reading.capacityKw,
      loadKw: reading.loadKw,
      order: orderKind(reading),
    }));
}

const orderKind = ({ kind }: Reading): LeadTimeKind => ORDER_OF[kind];

/**
 * Path of the element that new racks would stand under: down the tree for as long as there is one way to go that is
 * no rack.
 */
function deepest(root: SiteElement): string {
  const ways = root.children.filter(({ kind }) => kind !== 'rack');
  const [only] = ways;
  if (ways.length !== 1 || only === undefined) return root.id;
  return `${root.id} > ${deepest(only)}`;
}

function withChild(element: SiteElement, path: string, child: SiteElement): SiteElement {
  if (path === element.id) return { ...element, children: [...element.children, child] };
  const rest = path.slice(element.id.length + 3);
  return {
    ...element,
    children: element.children.map((one) =>
      rest === one.id || rest.startsWith(`${one.id} > `) ? withChild(one, rest, child) : one,
    ),
  };
}

function orderOf({ facility }: Plan, what: LeadTimeKind): PowerFit['order'] {
  const told = facility.leadWeeks[what];
  if (told !== undefined) {
    return { what, lowWeeks: told.low, highWeeks: told.high, source: 'the plan' };
  }
  const typical = typicalLeadTime(what);
  if (typical === null) return null;
  const { lowWeeks, highWeeks, source, asOf } = typical;
  return { what, lowWeeks, highWeeks, source: `${source} (${asOf})` };
}
