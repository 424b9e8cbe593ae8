import type { AccountDetail } from '../account-detail.ts';
import { amdahl, type Advice, type GainPlanner, type Rule, type RuleFacts } from './rule.ts';
import { dollars, figure } from './spell.ts';

type Feed = NonNullable<AccountDetail['feed']>;

/** Loader speeds that are tried, of what the accelerators take. */
const SPEEDS = [1, 1.1, 1.25, 1.5, 2];
/** A stall of less than this share of a step is as good as none. */
const GOOD_ENOUGH = 0.02;
const PREFETCH_BATCHES = 2;

/**
 * The reference case: a pipeline that feeds 60 % of what the accelerators can eat wastes 40 % of the spend. The planner
 * says how fast loaders of this unevenness must be; without it they must be as fast as the accelerators.
 */
export const dataStall: Rule = {
  id: 'data-stall',
  cause: 'data-stall',
  from: 0.01,
  advise(facts) {
    const { leaf, detail, perDay } = facts;
    const lost = `${facts.lost} is lost waiting for data`;
    const { feed } = detail;
    if (feed === undefined) {
      const fix =
        'raise loader workers and prefetch, or use faster storage (`tailrace probe storage`)';
      return { explanation: lost, fix, ...amdahl(leaf.share) };
    }
    const { speed, gain } = neededSpeed(feed, facts);
    const unit = `${feed.unit}/s`;
    const freed = perDay(
      leaf.usd === null || gain.gainShare === null
        ? null
        : (leaf.usd * gain.gainShare) / leaf.share,
    );
    return {
      explanation:
        `${lost}; loader throughput is ${figure(feed.actualPerS)} ${unit}, ` +
        `accelerators could take ${figure(feed.couldTakePerS)} ${unit}`,
      fix:
        `raising workers, prefetch or storage to ${figure(feed.couldTakePerS * speed)} ${unit} frees ` +
        (freed === null ? 'the time that is lost' : `${dollars(freed)}/day`),
      ...gain,
    };
  },
};

function neededSpeed(
  feed: Feed,
  { leaf, planner }: RuleFacts,
): { speed: number; gain: Pick<Advice, 'gainShare' | 'gainBy'> } {
  if (planner === null) return { speed: 1, gain: amdahl(leaf.share) };
  const stallS = (speed: number): number => plannedStallS(planner, feed, speed);
  const speed = SPEEDS.find((one) => stallS(one) <= GOOD_ENOUGH * feed.stepS) ?? 2;
  // What the planner leaves of the stall stays lost.
  const kept = Math.min(1, stallS(speed) / feed.stallS);
  return { speed, gain: { gainShare: leaf.share * (1 - kept), gainBy: 'planner' } };
}

const plannedStallS = (planner: GainPlanner, feed: Feed, speed: number): number =>
  planner.dataStallS({
    stepS: feed.stepS,
    loadS: feed.stepS / speed,
    variation: feed.loadVariation,
    prefetchBatches: PREFETCH_BATCHES,
    seed: 1,
  });
