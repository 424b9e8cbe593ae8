import { amdahl, type Rule } from './rule.ts';
import { percent } from './spell.ts';

export const throttled: Rule = {
  id: 'throttled',
  cause: 'throttled',
  from: 0.01,
  advise({ leaf, detail, lost }) {
    const { clockShare = null, powerW = null, powerLimitW = null } = detail.throttle ?? {};
    const clocks = clockShare === null ? '' : `; clocks run at ${percent(clockShare)} of full`;
    const watts =
      powerW === null
        ? ''
        : `; ${powerW.toFixed(0)} W drawn${powerLimitW === null ? '' : ` of ${powerLimitW.toFixed(0)} W allowed`}`;
    return {
      explanation: `${lost} is lost to throttling by power or heat${clocks}${watts}`,
      fix: 'raise the power limit or cool better; else count on the lower clock and buy fewer such hours',
      ...amdahl(leaf.share),
    };
  },
};
