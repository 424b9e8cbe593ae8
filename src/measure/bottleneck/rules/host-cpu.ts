import { amdahl, type Rule } from './rule.ts';

export const hostCpu: Rule = {
  id: 'host-cpu',
  cause: 'host-cpu',
  from: 0.01,
  advise: ({ account, leaf, lost }) => ({
    explanation: `${lost} is lost while accelerators wait for the host`,
    fix:
      account.business === 'training'
        ? 'pin memory and copy ahead of the step; `tailrace analyze` of a profiler trace says what the host does'
        : 'use CUDA graphs, more CPU per engine, or fewer engines per host (`tailrace probe host`)',
    ...amdahl(leaf.share),
  }),
};
