import { noGain, type Rule } from './rule.ts';

export const memoryBandwidth: Rule = {
  id: 'memory-bandwidth',
  cause: 'memory-bandwidth',
  from: 0.02,
  advise: ({ account, lost }) => ({
    explanation: `${lost} is bound by memory bandwidth beyond what the work needs`,
    fix:
      account.business === 'training'
        ? 'fuse kernels, use lower precision, larger microbatches; a profiler trace names the kernels (`tailrace analyze`)'
        : 'quantize weights and KV cache, or use accelerators with more bandwidth per dollar',
    ...noGain,
  }),
};
