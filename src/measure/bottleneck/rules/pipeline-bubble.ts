import { type Rule } from './rule.ts';

/** Doubling the chunks of a stage: 1F1B with v chunks idles (p - 1) / (v m + p - 1) (arXiv 2104.04473). */
export const pipelineBubble: Rule = {
  id: 'pipeline-bubble',
  cause: 'pipeline-bubble',
  from: 0.01,
  advise({ leaf, detail, lost }) {
    const { stages: p = 1, microbatches: m = 1, interleave: v = 1 } = detail.pipeline ?? {};
    const now = (p - 1) / (v * m + p - 1);
    const then = (p - 1) / (2 * v * m + p - 1);
    return {
      explanation: `${lost} is lost to pipeline bubbles of ${p} stages with ${m} microbatches`,
      fix: `interleave ${2 * v} model chunks a stage, or use more microbatches`,
      gainShare: now === 0 ? 0 : leaf.share * (1 - then / now),
      gainBy: 'amdahl',
    };
  },
};
