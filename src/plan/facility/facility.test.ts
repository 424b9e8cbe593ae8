import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addMonths, isDate, weeksBetween } from './calendar.ts';
import { checkSite } from './check-site.ts';
import { ordersFor } from './orders.ts';
import { siteResources } from './resources.ts';
import { runOuts, type Growth } from './run-out.ts';
import type { NodeGroup, SiteElement } from './site-element.ts';

const fixture = join(
  import.meta.dirname,
  '../../../test/fixtures/plan-facility/dps-gb300-simulator.json',
);
const dps = z
  .object({
    utility_kw: z.number(),
    switchboard_kw: z.number(),
    floor_pdus: z.array(z.object({ id: z.string(), kw: z.number(), racks: z.array(z.number()) })),
    nodes_per_rack: z.number(),
    nodes: z.number(),
    policies_w: z.object({ High: z.number(), Med: z.number(), Low: z.number() }),
    expected: z.object({
      all_high_kw: z.number(),
      binding_constraint: z.string(),
      all_med_kw: z.number(),
      max_high_rest_med_kw: z.number(),
      headroom_all_med_kw: z.number(),
    }),
  })
  .parse(JSON.parse(readFileSync(fixture, 'utf8')));

const element = (part: Partial<SiteElement> & Pick<SiteElement, 'id' | 'kind'>): SiteElement => ({
  kwPerUnit: null,
  units: 1,
  redundancy: 'N',
  derate: 1,
  lossPercent: 0,
  cooling: null,
  nodes: [],
  children: [],
  ...part,
});

/** NVIDIA's published simulator site: one utility feed, a switchboard, four PDUs of two racks each. */
function dpsSite(groupsOfRack: (rack: number) => NodeGroup[]): SiteElement {
  const pdus = dps.floor_pdus.map(({ id, kw, racks }) =>
    element({
      id,
      kind: 'pdu',
      kwPerUnit: kw,
      children: racks.map((rack) =>
        element({ id: `rack-${rack}`, kind: 'rack', nodes: groupsOfRack(rack) }),
      ),
    }),
  );
  const board = element({
    id: 'switchboard',
    kind: 'switchgear',
    kwPerUnit: dps.switchboard_kw,
    children: pdus,
  });
  return element({ id: 'utility', kind: 'utility', kwPerUnit: dps.utility_kw, children: [board] });
}

const policyKw = (name: 'High' | 'Med' | 'Low'): number => dps.policies_w[name] / 1000;
const all = (kwPerNode: number) => () => [{ name: 'gb300', count: dps.nodes_per_rack, kwPerNode }];

describe('the published 144-node site', () => {
  it('does not fit at full power, and the utility feed binds', () => {
    const check = checkSite(dpsSite(all(policyKw('High'))));
    expect(check).toMatchObject({ fits: false, nodes: dps.nodes, itKw: dps.expected.all_high_kw });
    expect(check.binding?.id).toBe(dps.expected.binding_constraint);
    expect(check.readings.filter((one) => !one.fits)).toHaveLength(1);
  });

  it('fits with 120 nodes at 5.6 kW and 24 at 3.2, exactly', () => {
    const mixed = (rack: number): NodeGroup[] => [
      { name: 'high', count: 15, kwPerNode: policyKw('High') },
      { name: `med-${rack}`, count: 3, kwPerNode: policyKw('Med') },
    ];
    const check = checkSite(dpsSite(mixed));
    expect(check).toMatchObject({ fits: true, itKw: dps.expected.max_high_rest_med_kw });
    expect(check.binding?.headroomKw).toBe(1.2);
  });

  it('does not fit with one more at full power', () => {
    const one = (rack: number): NodeGroup[] => [
      { name: 'high', count: rack === 1 ? 16 : 15, kwPerNode: policyKw('High') },
      { name: 'med', count: rack === 1 ? 2 : 3, kwPerNode: policyKw('Med') },
    ];
    expect(checkSite(dpsSite(one))).toMatchObject({ fits: false, itKw: 751.2 });
  });

  it('has the published headroom at medium power', () => {
    const check = checkSite(dpsSite(all(policyKw('Med'))));
    expect(check.itKw).toBe(dps.expected.all_med_kw);
    expect(check.binding?.headroomKw).toBe(dps.expected.headroom_all_med_kw);
  });
});

describe('limits', () => {
  const rack = element({
    id: 'rack',
    kind: 'rack',
    cooling: 'air',
    nodes: [{ name: 'node', count: 4, kwPerNode: 10.2 }],
  });

  it.each([
    ['N', 100],
    ['N+1', 50],
    ['2N', 50],
  ] as const)('redundancy %s of two 50 kW units carries %i kW', (redundancy, capacityKw) => {
    const ups = element({ id: 'ups', kind: 'ups', kwPerUnit: 50, units: 2, redundancy });
    expect(checkSite({ ...ups, children: [rack] }).readings[0]?.capacityKw).toBe(capacityKw);
  });

  it('counts derating and losses', () => {
    const feed = element({ id: 'feed', kind: 'feed', kwPerUnit: 51, derate: 0.8, lossPercent: 2 });
    const [reading] = checkSite({ ...feed, children: [rack] }).readings;
    expect(reading).toMatchObject({ loadKw: 41.616, capacityKw: 40.8, fits: false });
  });

  it('holds a rack to what its cooling takes, and says which racks it could not check', () => {
    const bare = { ...rack, id: 'bare', cooling: null };
    const site = element({ id: 'site', kind: 'utility', children: [rack, bare] });
    const check = checkSite(site);
    expect(check.binding).toMatchObject({ id: 'rack', limit: 'cooling', capacityKw: 20 });
    expect(check.uncheckedCooling).toEqual(['site > bare']);
  });
});

describe('growth', () => {
  const growth: Growth = { from: '2027-01-01', percentPerMonth: 0, kwPerMonth: 0, additions: [] };
  const check = checkSite(dpsSite(all(policyKw('Med'))));
  const utility = (part: Partial<Growth>) =>
    runOuts(check.readings, check.itKw, { ...growth, ...part }).find((o) => o.path === 'utility');

  it('runs out in the first month whose forecast is above the limit', () => {
    // 460.8 + 28.92 x 10 = 750.0 still fits; the eleventh month does not.
    expect(utility({ kwPerMonth: 28.92 })?.date).toBe('2027-12-01');
    // 460.8 x 1.05^9 = 714.8, x 1.05^10 = 750.6.
    expect(utility({ percentPerMonth: 5 })?.date).toBe('2027-11-01');
  });

  it('runs out on the day of a planned addition', () => {
    const additions = [{ date: '2027-03-15', kw: 289.3 }];
    expect(utility({ additions })?.date).toBe('2027-03-15');
  });

  it('never runs out without growth', () => {
    expect(utility({})?.date).toBeNull();
  });

  it('says what to order when, and how late that is', () => {
    const outs = runOuts(check.readings, check.itKw, { ...growth, kwPerMonth: 28.92 });
    const told = { 'grid-connection': { low: 100, high: 208 } };
    const [first] = ordersFor(outs, '2026-11-27', told);
    expect(first).toMatchObject({
      what: 'grid-connection',
      neededBy: '2027-12-01',
      orderBy: '2023-12-06',
      lateWeeks: 156,
      source: 'the plan',
    });
  });
});

describe('calendar', () => {
  it('keeps to days that exist', () => {
    expect(addMonths('2027-01-31', 1)).toBe('2027-02-28');
    expect(addMonths('2026-11-30', 3)).toBe('2027-02-28');
    expect(isDate('2027-02-29')).toBe(false);
    expect(isDate('2028-02-29')).toBe(true);
    expect(weeksBetween('2027-01-01', '2027-01-09')).toBe(2);
  });
});

describe('water', () => {
  it('counts PUE once', () => {
    const used = siteResources(100, { pue: 1.2, wueLPerKwh: 0.5, ewifLPerKwh: 3, gPerKwh: 400 });
    expect(used.waterL).toBeCloseTo(100 * (0.5 + 1.2 * 3), 9);
    expect(used.carbonKg).toBeCloseTo(48, 9);
  });

  it('is unknown without the water of generation', () => {
    const used = siteResources(1, { pue: 1, wueLPerKwh: 1, ewifLPerKwh: null, gPerKwh: null });
    expect(used).toMatchObject({ waterL: null, siteWaterL: 1, carbonKg: null });
  });
});
