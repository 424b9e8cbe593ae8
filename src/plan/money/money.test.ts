import { describe, expect, it } from 'vitest';
import { acceleratorCost, type OwnTerms } from './accelerator-cost.ts';
import { apiRequestUsd } from './api-cost.ts';
import { breakEvens, cheapestOverUse } from './break-even.ts';
import { unitCosts } from './unit-cost.ts';
import { siteUsdPerYear, yearlyCapitalUsd } from './yearly-capital.ts';

const OWN: OwnTerms = {
  basis: 'own',
  capexUsdPerAccelerator: 30_000,
  lifeYears: 3,
  residualPercent: 0,
  ratePercent: 0,
  busyKw: 1,
  idleKw: 0,
  pue: 1.5,
  tariffUsdPerKwh: 0.1,
  hostingUsdPerAcceleratorHour: 0,
  staffUsdPerAcceleratorYear: 0,
};

describe('yearly capital', () => {
  // Epoch AI's published 1 GW site: servers and facility have different lives.
  it.each([
    [3, 12.05],
    [5, 8.55],
    [7, 7.06],
  ])('gives the published 1 GW site with %i years of IT', (itYears, publishedGusd) => {
    const usd = siteUsdPerYear({
      assets: [
        { capexUsd: 25.5e9, lifeYears: itYears, residualUsd: 0 },
        { capexUsd: 12.5e9, lifeYears: 14, residualUsd: 0 },
      ],
      operationUsdPerYear: 0.9e9,
      ratePercent: 7,
    });
    expect(Math.abs(usd / 1e9 / publishedGusd - 1)).toBeLessThan(0.01);
  });

  it('pays a residual value back at the end of the life', () => {
    // 1,000 lent at 10 % for one year, 550 fetched then: (1000 x 1.1 - 550) is due.
    const asset = { capexUsd: 1000, lifeYears: 1, residualUsd: 550 };
    expect(yearlyCapitalUsd(asset, 10)).toBeCloseTo(550, 9);
    expect(yearlyCapitalUsd({ capexUsd: 900, lifeYears: 3, residualUsd: 300 }, 0)).toBe(200);
  });
});

describe('accelerator cost', () => {
  it('of an owned one is straight-line capital and energy', () => {
    const cost = acceleratorCost('h100-sxm', OWN);
    if (!cost.ok) throw cost.error;
    expect(cost.value.fixedUsdPerHour).toBeCloseTo(30_000 / 3 / 8760, 12);
    expect(cost.value.useUsdPerHour).toBeCloseTo(0.15, 12);
  });

  it('of a rented one without a price is the catalog median, with its range', () => {
    const terms = { basis: 'rent', usdPerAcceleratorHour: null, paidWhenIdle: true } as const;
    const cost = acceleratorCost('h100-sxm', terms);
    if (!cost.ok) throw cost.error;
    const { fixedUsdPerHour, rangeUsdPerHour } = cost.value;
    expect(rangeUsdPerHour?.low).toBeLessThanOrEqual(fixedUsdPerHour);
    expect(rangeUsdPerHour?.high).toBeGreaterThanOrEqual(fixedUsdPerHour);
  });

  it('names the field where the catalog has no price', () => {
    const terms = { basis: 'rent', usdPerAcceleratorHour: null, paidWhenIdle: true } as const;
    const cost = acceleratorCost('mi355x-unpriced', terms);
    expect(cost.ok ? null : cost.error.field).toBe('money.rentUsdPerHour');
  });
});

describe('break-even', () => {
  const forms = [
    { name: 'api', cost: { fixedUsdPerHour: 0, useUsdPerHour: 10 } },
    { name: 'rent', cost: { fixedUsdPerHour: 3, useUsdPerHour: 0 } },
    { name: 'own', cost: { fixedUsdPerHour: 2.5, useUsdPerHour: 1 } },
  ];

  it('finds where two lines cross', () => {
    expect(breakEvens(forms)).toEqual([
      { use: 2.5 / 9, below: 'api', above: 'own' },
      { use: 0.3, below: 'api', above: 'rent' },
      { use: 0.5, below: 'own', above: 'rent' },
    ]);
  });

  it('gives the cheapest over use', () => {
    expect(cheapestOverUse(forms)).toEqual([
      { fromUse: 0, name: 'api' },
      { fromUse: 2.5 / 9, name: 'own' },
      { fromUse: 0.5, name: 'rent' },
    ]);
  });
});

describe('unit costs', () => {
  const tokens = { inputTokens: 512, cachedTokens: 128, outputTokens: 256 };

  it('add up to the request', () => {
    const units = unitCosts(6.98, 5, tokens, { output: 4, cached: 0.1 });
    if (units === null) throw new Error('there is traffic');
    const { perMillionInputUsd: input, perMillionCachedUsd: cached } = units;
    const sum =
      (384 * (input ?? 0) + 128 * (cached ?? 0) + 256 * (units.perMillionOutputUsd ?? 0)) / 1e6;
    expect(sum).toBeCloseTo(units.perRequestUsd, 12);
    expect(units.perRequestUsd).toBeCloseTo(6.98 / 18_000, 12);
  });

  it('are unknown without traffic', () => {
    expect(unitCosts(6.98, 0, tokens, { output: 4, cached: 0 })).toBeNull();
  });

  it('price an API request by kind of token', () => {
    const terms = { usdPerMillionInput: 2, usdPerMillionCachedInput: 0.5, usdPerMillionOutput: 8 };
    expect(apiRequestUsd(terms, tokens)).toBeCloseTo((384 * 2 + 128 * 0.5 + 256 * 8) / 1e6, 15);
  });
});
