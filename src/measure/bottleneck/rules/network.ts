import { amdahl, type Rule } from './rule.ts';
import { percent } from './spell.ts';

/** A rank that is last in more of the steps than this is the cause; less often it is all of them in turn. */
const ONE_RANK = 0.5;

export const network: Rule = {
  id: 'network-or-stragglers',
  cause: 'network',
  from: 0.01,
  advise({ leaf, detail, lost }) {
    const { exchange, lastRank } = detail;
    const times =
      exchange === undefined
        ? ''
        : `; an exchange takes ${(exchange.stepS * 1000).toFixed(0)} ms of a step, ${(exchange.bestS * 1000).toFixed(0)} ms at its best`;
    const one = lastRank !== undefined && lastRank.share > ONE_RANK ? lastRank : null;
    return {
      explanation:
        `${lost} is lost waiting for the network or for stragglers${times}` +
        (one === null ? '' : `; rank ${one.rank} is last in ${percent(one.share)} of steps`),
      fix:
        one === null
          ? 'find the slow link or node (`tailrace probe network`, nccl-tests per pair), take it out of the job'
          : `look at rank ${one.rank} first: its link, clocks and host; replace its node (nccl-tests per pair)`,
      ...amdahl(leaf.share),
    };
  },
};
