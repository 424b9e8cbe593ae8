import type { Candidate } from '../plan/search/candidate.ts';
import { acceleratorsOf } from '../plan/search/candidate.ts';
import type { Violation } from '../plan/search/evaluation.ts';
import { count, milliseconds, usd } from './answer-units.ts';
import { kilowatts } from './plan-units.ts';

/** `2 x h100-sxm fp8: 2 replicas of 1, 256 sequences, 8,192 tokens a step`. */
export function candidateWords(candidate: Candidate): string {
  const { accelerator, quantization, tensorParallel, replicas } = candidate;
  const replicaWords = replicas === 1 ? '1 replica' : `${count(replicas)} replicas`;
  return (
    `${count(acceleratorsOf(candidate))} x ${accelerator} ${quantization}: ${replicaWords} of ` +
    `${count(tensorParallel)}, ${count(candidate.maxSequences)} sequences, ` +
    `${count(candidate.maxBatchedTokens)} tokens a step`
  );
}

/** `slo.ttftMs.p99 812 ms of 500 ms`. */
export function constraintWords({ field, value, limit }: Violation): string {
  const text = (amount: number): string => {
    if (!Number.isFinite(amount)) return 'unknown';
    if (field.startsWith('slo.')) return milliseconds(amount);
    if (field.includes('kw') || field.includes('Kw')) return kilowatts(amount);
    if (field.includes('usd')) return usd(amount);
    return String(Number(amount.toPrecision(4)));
  };
  return `${field} ${text(value)} of ${text(limit)}`;
}
