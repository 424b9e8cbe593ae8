import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphaBetaCollectives, type Topology } from './collectives.ts';

const base: Topology = {
  nodeGbPerS: 360,
  nodeLatencyUs: 8,
  networkGbPerS: 50,
  networkLatencyUs: 10,
  oversubscription: 1,
  collective: 'ring',
};
const algorithm = fc.constantFrom('ring' as const, 'tree' as const, 'hierarchical' as const);
const group = fc
  .record({ nodes: fc.integer({ min: 1, max: 256 }), perNode: fc.integer({ min: 1, max: 8 }) })
  .map(({ nodes, perNode }) => ({ ranks: nodes * perNode, ranksPerNode: perNode }));
const bytes = fc.double({ min: 1, max: 1e11, noNaN: true });

describe('alphaBetaCollectives', () => {
  it('never beat the bytes that must leave a node, and more bytes take longer', () => {
    fc.assert(
      fc.property(algorithm, group, bytes, (collective, one, size) => {
        const times = alphaBetaCollectives({ ...base, collective });
        const nodes = one.ranks / one.ranksPerNode;
        const mustLeave = ((2 * (nodes - 1)) / nodes) * size;
        const leastS = nodes === 1 ? 0 : mustLeave / (base.networkGbPerS * 1e9 * one.ranksPerNode);
        const takenS = times.allReduceS(one, size);
        return takenS >= leastS * 0.999999 && times.allReduceS(one, size * 2) >= takenS;
      }),
    );
  });

  it('slow down with oversubscription where they leave a node, and only there', () => {
    fc.assert(
      fc.property(algorithm, group, bytes, (collective, one, size) => {
        const free = alphaBetaCollectives({ ...base, collective });
        const thin = alphaBetaCollectives({ ...base, collective, oversubscription: 4 });
        const inside = one.ranks === one.ranksPerNode;
        const [a, b] = [free.allReduceS(one, size), thin.allReduceS(one, size)];
        return inside ? a === b : b > a;
      }),
    );
  });

  it('give the textbook ring inside a node', () => {
    const times = alphaBetaCollectives(base);
    const eight = { ranks: 8, ranksPerNode: 8 };
    expect(times.allReduceS(eight, 360e9)).toBeCloseTo((2 * 7) / 8 + 14 * 8e-6, 9);
  });

  it('save bytes between nodes when hierarchical: its part there is a share of the whole', () => {
    const wide = { ranks: 64, ranksPerNode: 8 };
    const one = { ranks: 8, ranksPerNode: 1 };
    const hierarchical = alphaBetaCollectives({ ...base, collective: 'hierarchical' });
    expect(hierarchical.allReduceS(wide, 8e9)).toBeLessThan(hierarchical.allReduceS(one, 8e9));
  });
});
