import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cases, contenders } from './bench.ts';
import { judge, parseBudgets } from './budgets.ts';
import { spreadOf, type Spread } from './report.ts';

const file = readFileSync(new URL('../budgets.yaml', import.meta.url), 'utf8');

describe('bench/budgets.yaml', () => {
  it('names cases and contenders that there are, and each id once', () => {
    const budgets = parseBudgets(file);
    expect(new Set(budgets.map((one) => one.id)).size).toBe(budgets.length);
    for (const budget of budgets) {
      const found = cases.find((one) => one.name === budget.case);
      for (const path of [budget.value, budget.per, budget.minus]) {
        if (path === undefined) continue;
        const [name = ''] = path.split('.');
        expect(found?.contenders).toContain(name);
        expect(contenders.map((one) => one.name)).toContain(name);
      }
    }
  });

  it('refuses a budget that compares in two ways', () => {
    const text = 'budgets: [{id: a, what: b, case: c, value: x.y, per: x.z, minus: x.w, max: 1}]';
    expect(() => parseBudgets(text)).toThrow('either per or minus');
  });
});

describe('verdicts', () => {
  const budgets = parseBudgets(
    `budgets:
  - {id: ratio, what: r, case: c, value: us.cpu, per: peer.cpu, max: 2}
  - {id: added, what: d, case: c, value: us.ms, minus: peer.ms, max: 1}
  - {id: alone, what: a, case: c, value: us.lost, max: 0}`,
  );
  /** Figures of several rounds, the best of which is so much smaller. */
  const spreads = (figures: Record<string, number>, less = 0): Record<string, Spread> =>
    Object.fromEntries(
      Object.entries(figures).map(([name, value]) => [
        name,
        { median: value, min: value - less, max: value },
      ]),
    );
  const met = (figures: Record<string, Record<string, number>>): Array<boolean | null> => {
    const c = Object.fromEntries(
      Object.entries(figures).map(([name, one]) => [name, spreads(one)]),
    );
    return judge(budgets, { c }).map((one) => one.met);
  };

  it('are met at the bound and missed beyond it', () => {
    const us = { cpu: 20, ms: 3, lost: 0 };
    expect(met({ us, peer: { cpu: 10, ms: 2 } })).toEqual([true, true, true]);
    expect(met({ us: { cpu: 21, ms: 3.1, lost: 1 }, peer: { cpu: 10, ms: 2 } })).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('take the best round where the budget says so', () => {
    const text = 'budgets: [{id: a, what: b, case: c, value: x.y, minus: d.y, of: best, max: 1}]';
    const measured = { c: { x: spreads({ y: 9 }, 6), d: spreads({ y: 3 }, 1) } };
    expect(judge(parseBudgets(text), measured)).toMatchObject([{ value: 1, met: true }]);
  });

  it('are unknown where the peer was not run or a figure is no number', () => {
    expect(met({ us: { cpu: 20, ms: 3, lost: Number.NaN } })).toEqual([null, null, null]);
  });
});

it('takes the median and the extremes', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
});
