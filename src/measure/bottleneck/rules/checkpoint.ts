import { amdahl, type Rule } from './rule.ts';
import { figure } from './spell.ts';

export const checkpoint: Rule = {
  id: 'checkpoint',
  cause: 'checkpoint',
  from: 0.01,
  advise({ leaf, detail, lost }) {
    const one = detail.checkpoint;
    const often =
      one === undefined
        ? ''
        : `; one of ${figure(one.eachS)} s every ${figure(one.everySteps)} steps`;
    return {
      explanation: `${lost} is lost writing checkpoints${often}`,
      fix: 'write them asynchronously, to faster storage, or at the best interval (`tailrace plan train`)',
      ...amdahl(leaf.share),
    };
  },
};
