import { amdahl, type Rule } from './rule.ts';

export const starting: Rule = {
  id: 'starting',
  cause: 'starting',
  from: 0.01,
  advise: ({ leaf, lost }) => ({
    explanation: `${lost} passes before the first step`,
    fix: 'take accelerators only when image, data and weights are there; cache them on the nodes',
    ...amdahl(leaf.share),
  }),
};
