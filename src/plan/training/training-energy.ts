import type { Accelerator } from '../../catalog/accelerators.ts';
import { powerModel } from '../time/power.ts';
import { SPEND_CAUSES, type SpendCause, type SpendShares } from './training-spend.ts';

/** What an accelerator does in the time of each cause, as the power model knows it. */
const ACTIVITY: Readonly<Record<SpendCause, 'compute' | 'exchange' | 'idle' | 'mixed'>> = {
  compute: 'compute',
  recompute: 'compute',
  pipelineBubble: 'idle',
  communication: 'exchange',
  dataInput: 'idle',
  stragglers: 'idle',
  stepOverhead: 'exchange',
  checkpoint: 'idle',
  lostWork: 'mixed',
  failureDetection: 'idle',
  restart: 'idle',
};

/**
 * Mean watts of one accelerator over a run, from the share of time it computes, exchanges and
 * waits; lost work draws what the work that counted drew. Null when the vendor publishes no TDP.
 */
export function meanAcceleratorW(accelerator: Accelerator, shares: SpendShares): number | null {
  const power = powerModel(accelerator);
  if (!power.ok) return null;
  const model = power.value;
  const only = (part: 'computeMs' | 'collectiveMs'): number => {
    const none = { computeMs: 0, memoryMs: 0, collectiveMs: 0, overheadMs: 0 };
    return model.stepW({ ...none, totalMs: 1, [part]: 1 });
  };
  const watts = { compute: only('computeMs'), exchange: only('collectiveMs'), idle: model.idleW };
  let sumW = 0;
  let stepping = 0;
  let steppingW = 0;
  for (const cause of SPEND_CAUSES) {
    const activity = ACTIVITY[cause];
    if (activity === 'mixed') continue;
    const partW = shares[cause] * watts[activity];
    sumW += partW;
    if (!STEPPING.has(cause)) continue;
    stepping += shares[cause];
    steppingW += partW;
  }
  return sumW + shares.lostWork * (steppingW / stepping);
}

const STEPPING: ReadonlySet<SpendCause> = new Set([
  'compute',
  'recompute',
  'pipelineBubble',
  'communication',
  'dataInput',
  'stragglers',
  'stepOverhead',
]);
