import { noGain, type Rule } from './rule.ts';

export const lowOccupancy: Rule = {
  id: 'low-occupancy',
  cause: 'low-occupancy',
  from: 0.02,
  advise: ({ lost }) => ({
    explanation: `${lost} runs kernels that leave multiprocessors empty`,
    fix: 'use larger batches, or share the card (MIG, MPS); a profiler trace names the kernels (`tailrace analyze`)',
    ...noGain,
  }),
};
