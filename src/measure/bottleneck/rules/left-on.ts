import { amdahl, type Rule } from './rule.ts';

export const leftOn: Rule = {
  id: 'left-on',
  cause: 'left-on',
  from: 0.005,
  advise: ({ account, leaf, detail, lost }) => ({
    explanation:
      `${lost} goes to accelerators that somebody left on` +
      (detail.named === undefined || detail.named.length === 0
        ? ''
        : ` (${detail.named.slice(0, 3).join(', ')})`),
    fix:
      account.kind === 'engine'
        ? 'no route names this engine: route work to it or stop it'
        : 'stop what idles: cull notebooks, end jobs when their last step is done',
    ...amdahl(leaf.share),
  }),
};
