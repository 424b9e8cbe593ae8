import { findAccelerator } from '../../catalog/accelerators.ts';
import { typicalRental } from '../../catalog/rental.ts';
import { fail, ok, type Result } from '../../records/errors.ts';
import type { VendorQuote } from '../../records/vendor-quote.ts';
import { addWeeks, isDate } from '../facility/calendar.ts';
import { siteFactors } from '../facility/site-factors.ts';
import { hourlyUsd, type LinearCost } from '../money/linear-cost.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import { priceOf } from '../search/candidate-price.ts';
import type { Evaluation } from '../search/evaluation.ts';
import { searchPlans, type Evaluate } from '../search/search-plans.ts';
import type { Workload } from '../search/workload-requests.ts';
import { findingsOf } from './findings.ts';
import { powerFit } from './power-fit.ts';
import type {
  DayRange,
  OfferResult,
  PowerFit,
  QuoteComparison,
  VendorOffer,
} from './quote-comparison.ts';

export interface QuoteOptions {
  plan: Plan;
  workload: Workload;
  offers: readonly VendorOffer[];
  /** The day of the order, and the day on which the capacity is needed (default: the same). */
  today: string;
  neededBy?: string;
  /** Simulates candidates of a plan; the plan of an offer has its price and accelerator. */
  evaluate: (plan: Plan) => { evaluate: Evaluate; close: () => Promise<void> };
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/** Offers that are compared at one time. */
const MAX_OFFERS = 12;
/** Replicas of one offer that are looked at. */
const MAX_REPLICAS = 256;
const HOURS_PER_YEAR = 8760;
const HOURS_PER_DAY = 24;
const DAY_MS = 86_400_000;

/**
 * Compares offers at the same traffic and targets: for each, the least fleet of the quoted accelerators that meets them
 * (the planner's own search), what a million tokens then cost when all that is quoted is paid, whether the site powers
 * it, from when, and what the first year costs with idle machines and a bridge in it. TR_PLAN_INVALID names the field.
 */
export async function compareQuotes(options: QuoteOptions): Promise<Result<QuoteComparison>> {
  const { plan, offers, today, neededBy = today, workload } = options;
  const problem = problemOf(options);
  if (problem !== null) return problem;
  const results: OfferResult[] = [];
  for (const [i, offer] of offers.entries()) {
    const result = await evaluateOffer(options, offer);
    if (!result.ok) return result;
    results.push(result.value);
    options.onProgress?.(i + 1, offers.length);
  }
  const tokensPerRequest = tokensOf(workload, plan.simulation.requests);
  const bridge = bridgeOf(plan, results, workload.ratePerS, workload);
  const dated = withWaiting(results, { neededBy, bridge });
  const comparison: QuoteComparison = {
    today,
    neededBy,
    ratePerS: workload.ratePerS,
    tokensPerRequest,
    bridge,
    offers: dated,
    best: bestOf(dated),
    findings: [],
  };
  return ok({ ...comparison, findings: findingsOf(comparison) });
}

function problemOf({ offers, today, neededBy }: QuoteOptions): Result<never> | null {
  const refuse = (field: string, message: string): Result<never> =>
    fail('TR_PLAN_INVALID', `${field}: ${message}`, { field });
  if (offers.length === 0 || offers.length > MAX_OFFERS) {
    return refuse('offers', `give 1 to ${MAX_OFFERS} of them`);
  }
  for (const day of [today, neededBy ?? today]) {
    if (!isDate(day)) return refuse('neededBy', `"${day.slice(0, 20)}" is no day as 2027-01-31`);
  }
  for (const { vendor, quote } of offers) {
    if (findAccelerator(quote.accelerator) !== null) continue;
    const message = `${vendor}: "${quote.accelerator}" is not an accelerator of the catalog`;
    return refuse('quote.accelerator', message);
  }
  return null;
}

/** The plan of one offer: only its accelerator, at its price, up to its number. Power is judged apart. */
function planOfOffer(plan: Plan, { accelerator, accelerators, price }: VendorQuote): Plan {
  const id = findAccelerator(accelerator)?.id ?? accelerator;
  const tensorParallel = plan.search.tensorParallel.filter((one) => one <= accelerators);
  const { siteKw: _site, kwPerNode: _node, kwPerRack: _rack, ...limits } = plan.limits;
  const { basis, ...terms } = price;
  const money: Plan['money'] = {
    ...plan.money,
    basis,
    rentUsdPerHour: 'usdPerAcceleratorHour' in terms ? { [id]: terms.usdPerAcceleratorHour } : {},
    own: {},
  };
  if ('usdPerAccelerator' in terms) {
    const { usdPerAccelerator: capexUsdPerAccelerator, ...rest } = terms;
    money.own = { [id]: { capexUsdPerAccelerator, ...rest } };
  }
  return {
    ...plan,
    limits,
    objective: 'cost',
    money,
    search: {
      ...plan.search,
      accelerators: [id],
      tensorParallel: tensorParallel.length === 0 ? [1] : tensorParallel,
      maxReplicas: Math.min(accelerators, Math.max(plan.search.maxReplicas, MAX_REPLICAS)),
    },
  };
}

async function evaluateOffer(
  options: QuoteOptions,
  { vendor, quote }: VendorOffer,
): Promise<Result<OfferResult>> {
  const { today, workload, signal } = options;
  const plan = planOfOffer(options.plan, quote);
  const price = priceOf(plan, plan.search.accelerators[0] ?? '', siteFactors(plan.facility).pue);
  if (!price.ok) return price;
  const { evaluate, close } = options.evaluate(plan);
  let fleet: Evaluation | null = null;
  let problem: string | null;
  try {
    const within = { plan, workload, evaluate: bounded(evaluate, quote.accelerators) };
    const given = signal === undefined ? {} : { signal };
    const found = await searchPlans({ ...within, runnerUps: 0, ...given });
    fleet = found.best;
    problem = fleet === null ? whyNot(quote, found.failed[0] ?? null, found.firstProblem) : null;
  } finally {
    await close();
  }
  const power = powerFit(options.plan, quote);
  const tokens = tokensOf(workload, plan.simulation.requests) * workload.ratePerS;
  const usdPerHour = quotedUsdPerHour(price.value, quote, fleet);
  return ok({
    vendor,
    name: quote.name,
    accelerator: quote.accelerator,
    accelerators: quote.accelerators,
    fleet,
    problem,
    usdPerHour,
    priceSource: price.value.source,
    usdPerMillionTokens: fleet === null ? null : perMillion(usdPerHour, tokens),
    neededUsdPerMillionTokens: fleet === null ? null : perMillion(fleet.usdPerHour, tokens),
    power,
    ...datesOf(quote, power, today),
    laterWeeks: null,
    idleUsd: null,
    bridgeUsd: null,
    firstYearUsd: null,
    isExpired: quote.validUntil !== null && quote.validUntil < today,
  });
}

/** Fleets larger than the quote are no candidates, whatever else they can. */
const bounded =
  (evaluate: Evaluate, accelerators: number): Evaluate =>
  async (tasks) => {
    const fits = tasks.map(
      ({ candidate }) => candidate.tensorParallel * candidate.replicas <= accelerators,
    );
    const run = await evaluate(tasks.filter((_, i) => fits[i] === true));
    const next = run[Symbol.iterator]();
    return fits.map((isIn) => (isIn ? (next.next().value ?? null) : null));
  };

function whyNot(quote: VendorQuote, closest: Evaluation | null, first: string | null): string {
  const [broken] = closest?.violations ?? [];
  if (broken === undefined) {
    return first ?? `${quote.accelerators} x ${quote.accelerator} cannot carry the traffic`;
  }
  const value = Number.isFinite(broken.value) ? Number(broken.value.toPrecision(3)) : 'unbounded';
  return `${quote.accelerators} x ${quote.accelerator}: ${broken.field} is ${value}, and at most ${broken.limit} is allowed`;
}

/** What is not needed is paid all the same, and idles. */
function quotedUsdPerHour(price: LinearCost, quote: VendorQuote, fleet: Evaluation | null): number {
  const idle = quote.accelerators - (fleet?.accelerators ?? 0);
  return (fleet?.usdPerHour ?? 0) + idle * hourlyUsd(price, 0);
}

const perMillion = (usdPerHour: number, tokensPerS: number): number | null =>
  tokensPerS <= 0 ? null : (usdPerHour / 3600 / tokensPerS) * 1e6;

function tokensOf(workload: Workload, count: number): number {
  const requests = workload.requests(count);
  const sum = requests.reduce((total, one) => total + one.promptTokens + one.outputTokens, 0);
  return requests.length === 0 ? 0 : sum / requests.length;
}

function datesOf(
  { leadWeeks }: VendorQuote,
  power: PowerFit,
  today: string,
): Pick<OfferResult, 'delivered' | 'powered' | 'ready'> {
  const from = (low: number, high: number): DayRange => ({
    earliest: addWeeks(today, low),
    latest: addWeeks(today, high),
  });
  const delivered = from(leadWeeks.low, leadWeeks.high);
  const powered =
    power.fits === true
      ? from(0, 0)
      : power.order === null
        ? null
        : from(power.order.lowWeeks, power.order.highWeeks);
  if (powered === null) return { delivered, powered, ready: null };
  const later = (a: string, b: string): string => (a > b ? a : b);
  const earliest = later(delivered.earliest, powered.earliest);
  return {
    delivered,
    powered,
    ready: { earliest, latest: later(delivered.latest, powered.latest) },
  };
}

/**
 * What serves until an offer is ready: the API of the plan, else the least median rent of a fleet that carries the
 * traffic. Null when neither has a price.
 */
function bridgeOf(
  { money }: Plan,
  offers: readonly OfferResult[],
  ratePerS: number,
  workload: Workload,
): QuoteComparison['bridge'] {
  if (money.api !== undefined) {
    const { usdPerMillionInput, usdPerMillionOutput } = money.api;
    const requests = workload.requests(1_000);
    const usd = requests.reduce(
      (sum, one) =>
        sum + one.promptTokens * usdPerMillionInput + one.outputTokens * usdPerMillionOutput,
      0,
    );
    const perRequestUsd = usd / Math.max(1, requests.length) / 1e6;
    return { usdPerHour: perRequestUsd * ratePerS * 3600, source: 'money.api of the plan' };
  }
  const rents = offers.flatMap(({ fleet }) => {
    const rental = fleet === null ? null : typicalRental(fleet.candidate.accelerator);
    if (fleet === null || rental === null) return [];
    const { accelerators, candidate } = fleet;
    const what = `${accelerators} x ${candidate.accelerator}`;
    return {
      usdPerHour: rental.medianUsdPerHour * accelerators,
      source: `${what} at the median rent of the catalog (${rental.asOf})`,
    };
  });
  return rents.toSorted((a, b) => a.usdPerHour - b.usdPerHour)[0] ?? null;
}

const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);

/** Adds what waiting costs, at the latest dates: these are what a plan must live with. */
function withWaiting(
  offers: readonly OfferResult[],
  about: { neededBy: string; bridge: QuoteComparison['bridge'] },
): OfferResult[] {
  const days = offers.flatMap(({ ready, fleet }) =>
    ready === null || fleet === null ? [] : [ready.latest],
  );
  const first = days.toSorted()[0] ?? null;
  return offers.map((offer) => {
    const { ready, powered, delivered, fleet, usdPerHour } = offer;
    if (ready === null || powered === null) return offer;
    const idleDays = Math.max(0, daysBetween(delivered.latest, powered.latest));
    const idleUsd = idleDays * HOURS_PER_DAY * usdPerHour;
    const waitDays = Math.max(0, daysBetween(about.neededBy, ready.latest));
    const { bridge } = about;
    const bridgeUsd = bridge === null ? null : waitDays * HOURS_PER_DAY * bridge.usdPerHour;
    const laterWeeks =
      first === null || fleet === null ? null : Math.ceil(daysBetween(first, ready.latest) / 7);
    return {
      ...offer,
      laterWeeks,
      idleUsd,
      bridgeUsd,
      firstYearUsd:
        fleet === null
          ? null
          : firstYear(usdPerHour, waitDays, idleUsd, bridge?.usdPerHour ?? null),
    };
  });
}

/** Of the year from the day of need: running after the wait, the bridge during it, and machines that idle. */
function firstYear(
  usdPerHour: number,
  waitDays: number,
  idleUsd: number,
  bridgeUsdPerHour: number | null,
): number | null {
  const waitHours = Math.min(HOURS_PER_YEAR, waitDays * HOURS_PER_DAY);
  if (waitHours > 0 && bridgeUsdPerHour === null) return null;
  const idleInYear = Math.min(idleUsd, waitHours * usdPerHour);
  return (
    (HOURS_PER_YEAR - waitHours) * usdPerHour + waitHours * (bridgeUsdPerHour ?? 0) + idleInYear
  );
}

/** Least cost of the first year, then the earlier, among those that can be taken, powered and carry the traffic. */
function bestOf(offers: readonly OfferResult[]): number | null {
  let best: number | null = null;
  for (const [i, offer] of offers.entries()) {
    if (offer.fleet === null || offer.power.fits !== true || offer.isExpired) continue;
    const before = best === null ? null : offers[best];
    if (before === null || before === undefined || isBetter(offer, before)) best = i;
  }
  return best;
}

function isBetter(a: OfferResult, b: OfferResult): boolean {
  const costA = a.firstYearUsd ?? Number.POSITIVE_INFINITY;
  const costB = b.firstYearUsd ?? Number.POSITIVE_INFINITY;
  return costA !== costB ? costA < costB : (a.ready?.latest ?? '') < (b.ready?.latest ?? '');
}
