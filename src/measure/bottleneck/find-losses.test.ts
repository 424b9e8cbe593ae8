import { describe, expect, it } from 'vitest';
import { CAUSES, groupOf } from './causes.ts';
import { findLosses } from './find-losses.ts';
import { mergeTrees } from './merge-trees.ts';
import { rules } from './rules/rules.ts';
import { accountOf, stepsOf } from './testing-facts.ts';
import { whySentence } from './why-sentence.ts';
import { window } from './testing-facts.ts';

const starved = () =>
  accountOf(
    stepsOf([
      { data: 400, forward: 600 },
      { data: 400, forward: 600 },
    ]),
  );

describe('losses', () => {
  it('reads as the reference case: share, money, throughput, what could be taken, what is freed', () => {
    const [first] = findLosses([starved()], null);
    expect(first?.explanation).toBe(
      '40 % of accelerator spend ($57.60/day) is lost waiting for data; loader throughput is ' +
        '2,000 tokens/s, accelerators could take 3,333 tokens/s',
    );
    expect(first?.fix).toBe(
      'raising workers, prefetch or storage to 3,333 tokens/s frees $57.60/day',
    );
    expect(first?.gain).toEqual({
      by: 'amdahl',
      share: expect.closeTo(0.4, 9),
      usdPerDay: expect.closeTo(57.6, 9),
      speedup: expect.closeTo(1 / 0.6, 9),
    });
  });

  it('asks the planner how fast loaders must be, and counts only what that frees', () => {
    // Loaders that leave a tenth of a second until they are a quarter faster than needed.
    const dataStallS = ({ loadS, stepS }: { loadS: number; stepS: number }): number =>
      stepS / loadS < 1.24 ? 0.1 : 0.01;
    const [first] = findLosses([starved()], { dataStallS });
    expect(first?.fix).toContain('to 4,167 tokens/s');
    expect(first?.gain).toMatchObject({ by: 'planner', share: expect.closeTo(0.4 * 0.975, 9) });
  });

  it('ranks by money, those without a price last', () => {
    const free = accountOf(
      stepsOf([
        { data: 900, forward: 100 },
        { data: 900, forward: 100 },
      ]),
    );
    free.account.leaves = free.account.leaves.map((leaf) => Object.assign(leaf, { usd: null }));
    const found = findLosses([free, starved()], null);
    expect(found.map((one) => one.usd === null)).toEqual([false, true]);
  });

  it('has one rule for each loss and none for what is useful or unexplained', () => {
    const losses = CAUSES.filter((one) => !['useful', 'unexplained'].includes(groupOf(one)));
    expect(rules.map((rule) => rule.cause).toSorted()).toEqual(losses.toSorted());
    expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length);
  });

  it('advises on every cause in whole sentences, with no figure that is not one', () => {
    const one = starved();
    for (const rule of rules) {
      const leaf = one.account.leaves[0];
      if (leaf === undefined) throw new Error('no leaf');
      one.account.leaves = [Object.assign(leaf, { cause: rule.cause })];
      const [found] = findLosses([one], null);
      expect(found?.rule).toBe(rule.id);
      expect(`${found?.explanation} ${found?.fix}`).not.toMatch(/NaN|undefined|null|Infinity/);
    }
  });

  it('says in one sentence what is lost first, and how much nobody explains', () => {
    const one = accountOf(stepsOf([{ data: 400 }, { data: 400 }]));
    const said = whySentence([one.account], findLosses([one], null), window);
    expect(said).toMatch(/^job: 40 % of accelerator spend .* 60 % of all time is unexplained\.$/);
  });

  it('keeps training and inference apart in trees that add up', () => {
    const one = starved();
    const other = starved();
    other.account.business = 'inference';
    const trees = mergeTrees([one.account, other.account, one.account]);
    expect(trees.map((tree) => [tree.business, tree.acceleratorHours])).toEqual([
      ['inference', 2],
      ['training', 4],
    ]);
  });
});
