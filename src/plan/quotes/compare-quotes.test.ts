import { describe, expect, it } from 'vitest';
import { vendorQuote, type VendorQuote } from '../../records/vendor-quote.ts';
import { parsePlan } from '../plan-file/parse-plan.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import { evaluateCandidate } from '../search/evaluate-candidate.ts';
import { workloadOf } from '../search/workload-of.ts';
import { compareQuotes } from './compare-quotes.ts';
import { powerFit } from './power-fit.ts';
import type { QuoteComparison } from './quote-comparison.ts';

const TODAY = '2027-01-04';

function planOf(extra: object = {}): Plan {
  const plan = {
    workload: { model: 'llama-3.1-8b', requestsPerS: 8 },
    slo: { ttftMs: { p99: 800 } },
    search: {
      quantizations: ['bf16'],
      tensorParallel: [1],
      maxSequences: [128],
      maxBatchedTokens: [8192],
    },
    simulation: { requests: 400 },
    ...extra,
  };
  const parsed = parsePlan({ file: 'plan', text: JSON.stringify(plan), overrides: [] });
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
}

const quoteOf = (change: object = {}): VendorQuote =>
  vendorQuote.parse({
    name: '4 H100',
    accelerator: 'h100-sxm',
    accelerators: 4,
    price: { basis: 'rent', usdPerAcceleratorHour: 3 },
    leadWeeks: { low: 4, high: 8 },
    ...change,
  });

async function compare(
  plan: Plan,
  quotes: Readonly<Record<string, VendorQuote>>,
  neededBy?: string,
): Promise<QuoteComparison> {
  const workload = workloadOf(plan, null);
  if (!workload.ok) throw workload.error;
  const result = await compareQuotes({
    plan,
    workload: workload.value,
    offers: Object.entries(quotes).map(([vendor, quote]) => ({ vendor, quote })),
    today: TODAY,
    ...(neededBy === undefined ? {} : { neededBy }),
    evaluate: (own) => ({
      evaluate: async (tasks) =>
        tasks.map(({ candidate, requests }) => {
          const run = evaluateCandidate(own, workload.value, candidate, requests);
          return run.ok ? run.value : null;
        }),
      close: async () => {},
    }),
  });
  if (!result.ok) throw result.error;
  return result.value;
}

describe('two offers at one traffic', () => {
  const plan = planOf({ limits: { siteKw: 12 } });
  const steady = quoteOf({ totalKw: 6 });
  const cheap = quoteOf({
    name: '8 L40S',
    accelerator: 'l40s',
    accelerators: 8,
    price: { basis: 'rent', usdPerAcceleratorHour: 0.6 },
    totalKw: 14,
    leadWeeks: { low: 2, high: 3 },
  });

  it('says that the cheap one is over the envelope and later, with dates and money', async () => {
    const { offers, best, findings } = await compare(plan, { steady, cheap });
    const [a, b] = offers;
    expect(a?.power).toMatchObject({ fits: true, overKw: 0 });
    expect(b?.power).toMatchObject({ fits: false, limit: 'limits.siteKw', limitKw: 12 });
    expect(b?.power.order?.what).toBe('grid-connection');
    expect(b?.usdPerMillionTokens).toBeLessThan(a?.usdPerMillionTokens ?? 0);
    expect(a?.ready).toEqual({ earliest: '2027-02-01', latest: '2027-03-01' });
    expect(b?.delivered.latest).toBe('2027-01-25');
    expect(b?.ready?.latest).toBe('2030-12-30');
    expect(b?.laterWeeks).toBe(200);
    // Paid from delivery until there is power: 205 weeks of 8 x 0.6 an hour.
    expect(b?.idleUsd).toBeCloseTo(205 * 7 * 24 * 8 * 0.6, 6);
    expect(best).toBe(0);
    const text = findings.join('\n');
    expect(text).toMatch(/cheap \(8 L40S\) is the cheapest per token: \$[\d.]+ a million/);
    expect(text).toMatch(
      /cheap \(8 L40S\) does not fit: .* on limits\.siteKw, which carries 12 kW/,
    );
    expect(text).toContain('2030-12-30');
    expect(text).toMatch(/stands without power until 2030-12-30: \$165,312 for nothing/);
    expect(text).toMatch(/steady \(4 H100\) is the one to take: \$/);
  });

  it('takes the cheap one once the site carries it', async () => {
    const { best, offers } = await compare(planOf({ limits: { siteKw: 40 } }), { steady, cheap });
    expect(offers[1]?.power.fits).toBe(true);
    expect(best).toBe(1);
  });

  it('does not depend on the order of the offers', async () => {
    const one = await compare(plan, { steady, cheap });
    const other = await compare(plan, { cheap, steady });
    expect(other.offers.toReversed()).toEqual(one.offers);
  });

  it('uses lead times and prices that the plan has been told', async () => {
    const told = planOf({
      limits: { siteKw: 12 },
      facility: { leadWeeks: { 'grid-connection': { low: 10, high: 20 } } },
      money: { api: { usdPerMillionInput: 1, usdPerMillionOutput: 2 } },
    });
    const { offers, bridge } = await compare(told, { cheap }, '2027-01-04');
    expect(offers[0]?.ready?.latest).toBe('2027-05-24');
    expect(bridge?.source).toContain('money.api');
    // 8 requests a second of 512 in at $1 and 256 out at $2 a million, for 20 weeks.
    expect(offers[0]?.bridgeUsd).toBeCloseTo(((8 * (512 + 512)) / 1e6) * 3600 * 24 * 7 * 20, 3);
  });
});

it('charges all that is quoted, needed or not', async () => {
  const { offers } = await compare(planOf(), {
    few: quoteOf(),
    many: quoteOf({ accelerators: 16 }),
  });
  const [few, many] = offers;
  expect(few?.usdPerHour).toBeCloseTo(12, 9);
  expect(many?.usdPerHour).toBeCloseTo(48, 9);
  expect(many?.usdPerMillionTokens).toBeCloseTo(4 * (few?.usdPerMillionTokens ?? 0), 9);
  expect(many?.neededUsdPerMillionTokens).toBeCloseTo(few?.neededUsdPerMillionTokens ?? 0, 9);
  // 8 requests a second of 768 tokens.
  expect(few?.usdPerMillionTokens).toBeCloseTo((12 / 3600 / (8 * 768)) * 1e6, 9);
});

it('says when the quoted accelerators do not carry the traffic, and names none then', async () => {
  const plan = planOf({ workload: { model: 'llama-3.1-8b', requestsPerS: 400 } });
  const { offers, best, findings } = await compare(plan, { small: quoteOf({ accelerators: 1 }) });
  expect(offers[0]).toMatchObject({ fleet: null, usdPerMillionTokens: null, firstYearUsd: null });
  expect(offers[0]?.problem).toContain('1 x h100-sxm');
  expect(best).toBeNull();
  expect(findings.join('\n')).toContain('No offer carries the traffic');
});

it('leaves what is not known unknown, and what is past out', async () => {
  const { offers, best, findings } = await compare(planOf(), {
    here: quoteOf(),
    gone: quoteOf({ site: 'vendor', validUntil: '2027-01-03' }),
  });
  expect(offers[0]?.power.fits).toBeNull();
  expect(offers[0]?.ready).toBeNull();
  expect(offers[1]?.isExpired).toBe(true);
  expect(best).toBeNull();
  expect(findings.join('\n')).toContain('is not known');
});

it('refuses accelerators and days that do not exist', async () => {
  await expect(compare(planOf(), { a: quoteOf({ accelerator: 'h9000' }) })).rejects.toMatchObject({
    code: 'TR_PLAN_INVALID',
    field: 'quote.accelerator',
  });
  await expect(compare(planOf(), { a: quoteOf() }, '2027-02-31')).rejects.toMatchObject({
    code: 'TR_PLAN_INVALID',
  });
});

describe('power', () => {
  const site = (children: object[]): Plan =>
    planOf({ facility: { site: { id: 'feed', kind: 'utility', kwPerUnit: 100, children } } });
  const rack = { id: 'rack-1', kind: 'rack', nodes: [{ name: 'old', count: 10, kwPerNode: 5 }] };

  it('stands beside what is in the tree already', () => {
    const plan = site([rack]);
    expect(powerFit(plan, quoteOf({ totalKw: 50 }))).toMatchObject({ fits: true, loadKw: 100 });
    expect(powerFit(plan, quoteOf({ totalKw: 50.001 }))).toMatchObject({
      fits: false,
      limit: 'feed',
      overKw: 0.001,
      order: { what: 'grid-connection' },
    });
  });

  it('goes down to the last element that leads one way, with its losses and redundancy', () => {
    const ups = {
      id: 'ups',
      kind: 'ups',
      kwPerUnit: 40,
      units: 2,
      redundancy: '2N',
      children: [rack],
    };
    const fit = powerFit(site([{ ...ups, kwPerUnit: 60 }]), quoteOf({ totalKw: 11 }));
    expect(fit).toMatchObject({ fits: false, limit: 'feed > ups', limitKw: 60, overKw: 1 });
    expect(fit.order?.what).toBe('power-distribution');
  });

  it('looks at racks: what one may draw, and what its cooling carries away', () => {
    const dense = quoteOf({ totalKw: 50, kwPerRack: 50 });
    const narrow = planOf({ limits: { kwPerRack: 40 } });
    expect(powerFit(narrow, quoteOf({ totalKw: 50, kwPerRack: 40 })).limit).toMatch(/rack/);
    expect(powerFit(narrow, dense).fits).toBe(false);
    const cooled = planOf({ facility: { cooling: 'direct-to-chip' }, limits: { kwPerRack: 60 } });
    expect(powerFit(cooled, dense).fits).toBe(true);
  });
});
