import { amdahl, type Rule } from './rule.ts';
import { figure } from './spell.ts';

export const smallBatch: Rule = {
  id: 'small-batch',
  cause: 'small-batch',
  from: 0.01,
  advise({ leaf, detail, lost }) {
    const { batch } = detail;
    const sizes =
      batch === undefined
        ? ''
        : `; ${figure(batch.mean)} requests run at once, ${figure(batch.could)} would within ${batch.limitedBy === 'memory' ? 'memory' : 'the time-per-token target'}`;
    return {
      explanation: `${lost} is lost to small batches${sizes}`,
      fix: 'serve the same traffic with fewer replicas, send batch work to this engine, or raise its batch limit',
      ...amdahl(leaf.share),
    };
  },
};
