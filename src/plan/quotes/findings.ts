import type { OfferResult, QuoteComparison } from './quote-comparison.ts';

const usd = (value: number): string =>
  value >= 1_000
    ? `$${Math.round(value).toLocaleString('en-US')}`
    : `$${Number(value.toPrecision(3))}`;
const kw = (value: number): string => `${Number(value.toPrecision(4))} kW`;
const nameOf = ({ vendor, name }: OfferResult): string => `${vendor} (${name})`;

/** What sets offers apart, with dates and money: price first, then what the price leaves out. */
export function findingsOf(comparison: QuoteComparison): string[] {
  const { offers, best } = comparison;
  return [
    ...priceFinding(offers),
    ...offers.flatMap((offer) => offerFindings(offer, comparison)),
    ...verdict(comparison, best),
  ];
}

function priceFinding(offers: readonly OfferResult[]): string[] {
  const priced = offers
    .filter(({ usdPerMillionTokens }) => usdPerMillionTokens !== null)
    .toSorted((a, b) => (a.usdPerMillionTokens ?? 0) - (b.usdPerMillionTokens ?? 0));
  const [cheap, next] = priced;
  if (cheap === undefined || next === undefined) return [];
  const low = cheap.usdPerMillionTokens ?? 0;
  const high = next.usdPerMillionTokens ?? 0;
  const share = high === 0 ? 0 : Math.round(100 * (1 - low / high));
  return [
    `${nameOf(cheap)} is the cheapest per token: ${usd(low)} a million, ${share} % less than ` +
      `${nameOf(next)} at ${usd(high)}.`,
  ];
}

function offerFindings(offer: OfferResult, { neededBy, bridge }: QuoteComparison): string[] {
  const { power, fleet, problem, ready, delivered, idleUsd, bridgeUsd, laterWeeks } = offer;
  const name = nameOf(offer);
  const found: string[] = [];
  if (offer.isExpired) found.push(`${name} can no longer be taken.`);
  if (fleet === null)
    found.push(`${name} does not carry the traffic: ${problem ?? 'unknown why'}.`);
  if (power.fits === null) {
    found.push(`Whether ${name} can be powered is not known: give its kW and a limit of the site.`);
  }
  if (power.fits === false) {
    const { limit, limitKw, loadKw, overKw, order } = power;
    const until =
      ready === null || order === null
        ? 'and no lead time for more is known'
        : `so it waits for ${order.what} (${order.lowWeeks} to ${order.highWeeks} weeks, ${order.source}) ` +
          `and can run from ${ready.earliest} to ${ready.latest}`;
    found.push(
      `${name} does not fit: ${kw(loadKw ?? 0)} on ${limit ?? 'the site'}, which carries ` +
        `${kw(limitKw ?? 0)}, is ${kw(overKw)} over; ${until}.`,
    );
  }
  if (laterWeeks !== null && laterWeeks > 0 && ready !== null) {
    found.push(
      `${name} is ready by ${ready.latest} at worst, ${laterWeeks} weeks after the first.`,
    );
  }
  if (idleUsd !== null && idleUsd > 0) {
    found.push(
      `${name} is delivered by ${delivered.latest} and stands without power until ` +
        `${offer.powered?.latest ?? 'unknown'}: ${usd(idleUsd)} for nothing.`,
    );
  }
  if (bridgeUsd !== null && bridgeUsd > 0) {
    found.push(
      `From ${neededBy} until ${name} is ready the traffic is served elsewhere: ${usd(bridgeUsd)} ` +
        `(${bridge?.source ?? ''}).`,
    );
  }
  return found;
}

function verdict({ offers }: QuoteComparison, best: number | null): string[] {
  const chosen = best === null ? undefined : offers[best];
  if (chosen === undefined) {
    return ['No offer carries the traffic, has power and can be taken.'];
  }
  const others = offers.filter(
    (one) => one !== chosen && one.firstYearUsd !== null && chosen.firstYearUsd !== null,
  );
  const year =
    chosen.firstYearUsd === null ? '' : `: ${usd(chosen.firstYearUsd)} in the first year`;
  const against = others.map((one) => {
    const difference = (one.firstYearUsd ?? 0) - (chosen.firstYearUsd ?? 0);
    return difference >= 0
      ? `${usd(difference)} less than ${nameOf(one)}`
      : `${usd(-difference)} more than ${nameOf(one)}`;
  });
  const rest = against.length === 0 ? '' : `, ${against.join(', ')}`;
  return [`${nameOf(chosen)} is the one to take${year}${rest}.`];
}
